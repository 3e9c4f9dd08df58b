package commands

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxLine is the longest line read from a batch, in bytes; a longer one is answered with an error.
const maxLine = 1 << 20

// errSomeLines tells the caller that every line was answered, but some with an error.
var errSomeLines = errors.New("some lines could not be answered; each says why")

// openBatch returns the file to read lines from, or standard input when no name is given.
func openBatch(name string) (io.ReadCloser, error) {
	if name == "" || name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return file, nil
}

// answerLines reads one JSON object a line and writes one answer a line, in the same
// order and under the same id. A line that cannot be read or answered gets
// {"id", "error"} and does not stop the others; the result is then errSomeLines.
func answerLines[In any](in io.Reader, out io.Writer, answer func(In) (any, error)) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	w := bufio.NewWriter(out)
	defer w.Flush()
	bad := false
	for {
		line, tooLong, err := readLine(lines)
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			result, lineErr := answerLine(line, tooLong, answer)
			if lineErr != nil {
				bad = true
				result = failure{ID: idOf(line), Error: lineErr.Error()}
			}
			if err := writeLine(w, result); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read lines: %w", err)
		}
	}
	if bad {
		return errSomeLines
	}
	return nil
}

type failure struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

func answerLine[In any](line []byte, tooLong bool, answer func(In) (any, error)) (any, error) {
	if tooLong {
		return nil, fmt.Errorf("the line is longer than %d bytes; make it shorter", maxLine)
	}
	var in In
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, fmt.Errorf("the line could not be read as JSON: %w", err)
	}
	return answer(in)
}

// readLine returns the next line up to maxLine bytes. What goes beyond is read and dropped.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			tooLong = true
		} else {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

func writeLine(w *bufio.Writer, result any) error {
	text, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// idOf returns the id of a line that may otherwise be unreadable, or null.
func idOf(line []byte) json.RawMessage {
	var only struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &only) != nil || len(only.ID) == 0 {
		return json.RawMessage("null")
	}
	return only.ID
}
