package terminal

// AwaitHangup calls a function when a terminal is gone. Nothing wakes up before, whatever is
// typed: of a descriptor that nothing is asked of, epoll tells only that.
func AwaitHangup(fd int, then func()) {
	f, err := listen(fd, 0)
	if err != nil {
		return
	}
	conn, err := f.SyscallConn()
	if err != nil {
		_ = f.Close()
		return
	}
	go func() {
		err := conn.Read(heard)
		_ = f.Close()
		if err == nil {
			then()
		}
	}()
}
