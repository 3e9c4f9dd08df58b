package training

import "io/fs"

// Files is the content that comes with the program, for an organisation's own folder to lie over.
func Files() fs.FS { return content }
