package table

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var columns = []Column{{Name: "file", Also: []string{"reference"}, Needed: true}, {Name: "kind", Needed: true}, {Name: "left"}}

func TestListsAsPeopleKeepThem(t *testing.T) {
	for name, text := range map[string]string{
		"commas":                        "file,kind,left\nV-1,volunteer,1 May 2024\n",
		"semicolons, as some save it":   "file;kind;left\nV-1;volunteer;1 May 2024\n",
		"tabs, as pasted from a sheet":  "file\tkind\tleft\nV-1\tvolunteer\t1 May 2024",
		"another order and other names": "Kind,note,Reference,LEFT\nvolunteer,nice,V-1,1 May 2024",
		"a mark at the beginning":       "\ufefffile,kind,left\r\nV-1,volunteer,1 May 2024\r\n",
		"quotation marks":               "\"file\",\"kind\",\"left\"\n\"V-1\",\"volunteer\",\"1 May 2024\"",
		"empty rows and cells":          "file,kind,left,,\n,,,,\nV-1,volunteer,1 May 2024,,\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, problems, err := Read(text, columns)
			if err != nil || len(problems) > 0 || len(rows) != 1 {
				t.Fatalf("got %v, %v, %v", rows, problems, err)
			}
			if diff := cmp.Diff(map[string]string{"file": "V-1", "kind": "volunteer", "left": "1 May 2024"}, rows[0].Cells); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadRowsAreNamedAndGoodOnesRead(t *testing.T) {
	rows, problems, err := Read("file,kind,left\nV-1,volunteer,\n,volunteer,\nV-3,a,b,c\n\"V-4,volunteer\nV-5,volunteer,\n", columns)
	if err != nil || len(rows) != 1 || rows[0].Number != 2 {
		t.Errorf("rows %v, %v", rows, err)
	}
	var said []string
	for _, p := range problems {
		said = append(said, p.Text)
	}
	want := []string{"Row 3: file is empty.", "Row 4: it has 4 cells, and the first row has 3.", "Row 5: it cannot be read. Check the quotation marks."}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
}

func TestAListThatIsNone(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "no rows",
		"file,kind\n":        "no rows",
		"kind,left\na,b\n":   "a column named file",
		"who,when\na,b\n":    "the columns file, kind",
		"hello, how are you": "the columns file, kind",
		"file,kind\n" + strings.Repeat("a,b\n", MaxRows+1): "Split the list",
	} {
		if _, _, err := Read(text, columns); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

func TestTheGuardOfAnExportIsTakenOff(t *testing.T) {
	rows, _, err := Read("file,kind\n'=V-1,'quoted'\n", columns)
	if err != nil || rows[0].Cells["file"] != "=V-1" || rows[0].Cells["kind"] != "'quoted'" {
		t.Errorf("got %v, %v", rows, err)
	}
}
