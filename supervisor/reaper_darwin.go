package supervisor

// reaps says that orphans of the formation come to reeve. They come to launchd.
const reaps = false

// adoptOrphans can do nothing: only init can have them.
func adoptOrphans() {}

// children has none that reeve did not start.
func (p *Processes) children() []int { return nil }

// treesOf knows nothing: orphans do not tell where they come from.
func treesOf() map[int]int { return nil }

// killTree has nothing to do: there is no such call.
func killTree(int) {}
