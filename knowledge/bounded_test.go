package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shareright/internal/bounds"
)

// bomb is a file of a few lines that stands for a thousand million.
func bomb() string {
	text := strings.Builder{}
	text.WriteString("- &a0 {id: x}\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&text, "- &a%d [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return text.String()
}

func TestAContentFileThatWasMadeToDoHarmIsRefusedAtOnce(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"brackets":         {strings.Repeat("[", 300_000), "deep within each other"},
		"braces":           {strings.Repeat("{a: ", 100_000), "deep within each other"},
		"dashes":           {strings.Repeat("- ", 200_000), "deep within each other"},
		"question marks":   {strings.Repeat("? ", 200_000), "deep within each other"},
		"indents":          {strings.Repeat(" ", 1000) + "a: b", "deep within each other"},
		"names for names":  {bomb(), "grow without end"},
		"more than a file": {strings.Repeat("# note\n", 1<<18), "larger than 1 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			var into []any
			err := ReadOne(fstest.MapFS{"x.yaml": {Data: []byte(c.text)}}, "x.yaml", &into)
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "x.yaml: ") {
				t.Errorf("it says %.200v", err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// Found by fuzzing: a tag without a value made the reader panic.
func TestATextThatTheReaderPanicsOnIsAMistakeLikeAnyOther(t *testing.T) {
	var into []Source
	if err := ReadOne(fstest.MapFS{"x.yaml": {Data: []byte("! 00000")}}, "x.yaml", &into); err == nil || !strings.Contains(err.Error(), "x.yaml: it is not YAML") {
		t.Errorf("it says %v", err)
	}
}

func TestManyNamesThatStandForLittleAreFine(t *testing.T) {
	text := "- &yes {id: a, title: b, checked: c}\n" + strings.Repeat("- *yes\n", 200)
	if err := bounds.YAML([]byte(text)); err != nil {
		t.Error(err)
	}
	sentences := "a: see [the guide] and *this* * that\n" + strings.Repeat("b: \"an item [with brackets] (a) {b} *stars*\"\n", 500)
	if err := bounds.YAML([]byte(sentences)); err != nil {
		t.Error(err)
	}
}
