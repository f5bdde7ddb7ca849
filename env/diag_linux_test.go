package env

import "testing"

// TestListeningPorts asks the kernel of several, with more that listen than fit into one of its
// answers.
func TestListeningPorts(t *testing.T) {
	var ports []int
	for range 300 {
		for _, host := range []string{"127.0.0.1", "::1"} {
			ports = append(ports, listen(t, "tcp", host))
		}
	}
	free := freePort(t)
	found, err := listeningPorts()
	if err != nil {
		t.Skip(err) // a kernel without
	}
	for _, port := range ports {
		if !found[port] {
			t.Errorf("nobody listens on %d", port)
		}
	}
	if found[free] {
		t.Errorf("somebody listens on %d", free)
	}
	if got := Listeners(append([]int{free}, ports[:manyPorts]...)); len(got) != manyPorts {
		t.Errorf("%v", got)
	}
}
