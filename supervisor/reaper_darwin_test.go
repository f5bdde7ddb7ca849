package supervisor

// hideouts are the ways in which a process can be in a run and is found, see spawn.
var hideouts = []string{"same", "group", "session", "outcast", "daemon"}
