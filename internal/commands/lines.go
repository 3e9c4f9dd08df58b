package commands

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"

	"shareright/internal/caught"
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
// {"id", "error"} and does not stop the others; the result is then errSomeLines. Lines are
// answered side by side, so answer must not change what it shares.
func answerLines[In any](in io.Reader, out io.Writer, answer func(In) (any, error)) error {
	hands := runtime.GOMAXPROCS(0)
	inOrder, toDo := make(chan *lineWork, 8*hands), make(chan *lineWork)
	for range hands {
		go func() {
			for work := range toDo {
				work.result, work.err = answerLine(work.line, work.tooLong, answer)
				close(work.done)
			}
		}()
	}
	var readErr error
	go func() {
		defer close(inOrder)
		defer close(toDo)
		lines := bufio.NewReaderSize(in, 64<<10)
		for {
			line, tooLong, err := readLine(lines)
			if len(bytes.TrimSpace(line)) > 0 || tooLong {
				work := &lineWork{line: line, tooLong: tooLong, done: make(chan struct{})}
				inOrder <- work
				toDo <- work
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				readErr = fmt.Errorf("read lines: %w", err)
				return
			}
		}
	}()
	return errors.Join(writeAll(out, inOrder), readErr)
}

// lineWork is one line on its way to its answer; result and err are there once done is closed.
type lineWork struct {
	line    []byte
	tooLong bool
	done    chan struct{}
	result  any
	err     error
}

// writeAll writes the answers in the order of their lines. After an answer that cannot be
// written the rest is only worked off.
func writeAll(out io.Writer, inOrder <-chan *lineWork) error {
	w := bufio.NewWriter(out)
	bad := false
	var failed error
	for work := range inOrder {
		<-work.done
		if work.err != nil {
			bad = true
			work.result = failure{ID: idOf(work.line), Error: work.err.Error()}
		}
		if failed == nil {
			failed = writeLine(w, work.result)
		}
	}
	if err := errors.Join(failed, w.Flush()); err != nil {
		return err
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

func answerLine[In any](line []byte, tooLong bool, answer func(In) (any, error)) (result any, err error) {
	defer func() {
		if broke := caught.Panic(slog.Default(), "an answer", recover()); broke != nil {
			result, err = nil, broke
		}
	}()
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
