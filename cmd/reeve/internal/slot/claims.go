package slot

// Claims are the ports that the formations of this user have claimed, so that two of them that
// start at the same time do not choose the same. The zero value knows of none and claims none.
//
// A claim is a lock of the kernel's (fcntl(2), F_SETLK; LockFileEx on Windows) on a range of a file that all formations
// share: a byte for each port. It is made in one step, nobody else can have a part of it, and it
// ends with this process, however that ends; it needs no cleaning up, and no child inherits it.
// Each network namespace has ports of its own, and so bytes of its own. Byte 0, which is not a port,
// belongs to whoever is choosing.
type Claims struct {
	files     []int // one in each directory where others may look
	namespace int64 // where the bytes of this one begin
	use       Use
}

// Use is what claims are wanted for.
type Use uint8

const (
	// Look finds what could be had now. Nothing is claimed.
	Look Use = iota
	// Take claims what is chosen, until this process ends.
	Take
)

// fileName is that of the file in each directory.
const fileName = "ports"
