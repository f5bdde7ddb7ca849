package diag

// Exit codes of reeve itself. While a formation runs, what ends it decides.
const (
	ExitOK      = 0
	ExitFailure = 1 // something went wrong in reeve or around it
	ExitUsage   = 2 // the command line, a Procfile, an env file or a setting is wrong
)
