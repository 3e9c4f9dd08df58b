package mail

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAnAddressIsWrittenToAgainWhenTheHourAndTheDayAreOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sending
		sent := func() (n int) {
			for range 100 {
				if yes, _ := s.may("sam@example.org", false, time.Now()); yes {
					s.sent("sam@example.org", time.Now())
					n++
				}
			}
			return n
		}
		for hour, want := range []int{12, 12, 12, 12, 12, 0, 0} {
			if got := sent(); got != want {
				t.Errorf("in hour %d: %d e-mails, want %d", hour+1, got, want)
			}
			time.Sleep(time.Hour)
		}
		time.Sleep(24 * time.Hour)
		if got := sent(); got != 12 {
			t.Errorf("the next day: %d e-mails", got)
		}
		time.Sleep(24 * time.Hour)
		if s.forget("sam@example.org", time.Now()); len(s.by) != 0 {
			t.Errorf("it remembers %v for ever", s.by)
		}
	})
}

// A new report comes to the lead although many lesser messages came before it.
func TestWhatIsUrgentGoesOnWhenTheRestIsHeldBack(t *testing.T) {
	var s sending
	now, urgent := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), 0
	for range mostInAnHour {
		s.sent("sam@example.org", now)
	}
	if yes, _ := s.may("sam@example.org", false, now); yes {
		t.Error("there is no limit")
	}
	for range 100 {
		if yes, _ := s.may("sam@example.org", true, now); yes {
			s.sent("sam@example.org", now)
			urgent++
		}
	}
	if urgent != (urgently-1)*mostInAnHour {
		t.Errorf("%d urgent ones after the limit", urgent)
	}
}
