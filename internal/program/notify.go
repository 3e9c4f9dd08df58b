package program

import (
	"net"
	"os"
	"strings"
)

// notify tells systemd how the program is, where systemd asked to be told (Type=notify,
// WatchdogSec). Everywhere else it does nothing.
func notify(state string) {
	address := os.Getenv("NOTIFY_SOCKET")
	if address == "" {
		return
	}
	if strings.HasPrefix(address, "@") { // a name without a file
		address = "\x00" + address[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		return // systemd will act on the silence
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(state))
}
