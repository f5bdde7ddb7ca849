package account

import (
	"os"
	"runtime"
	"slices"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// own is the user that this process runs as.
var own = sync.OnceValues(func() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
})

// mighty are those who may do anything: administrators, the system, and who installs its updates,
// whose name is no well-known one.
var mighty = sync.OnceValue(func() (all []*windows.SID) {
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinBuiltinAdministratorsSid, windows.WinLocalSystemSid} {
		if sid, err := windows.CreateWellKnownSid(kind); err == nil {
			all = append(all, sid)
		}
	}
	const trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
	if sid, err := windows.StringToSid(trustedInstaller); err == nil {
		all = append(all, sid)
	}
	return all
})

// IsTrusted reports whether somebody is this user, or may do anything anyway.
func IsTrusted(sid *windows.SID) bool {
	user, err := own()
	if err != nil || sid == nil {
		return false
	}
	return sid.Equals(user) || slices.ContainsFunc(mighty(), sid.Equals)
}

// Name is what somebody is called.
func Name(sid *windows.SID) string {
	if name, domain, _, err := sid.LookupAccount(""); err == nil {
		return domain + `\` + name
	}
	return sid.String()
}

// OfFile says whose a file is.
func OfFile(path string) (*windows.SID, error) {
	d, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	sid, _, err := d.Owner()
	return sid, err
}

// OfProcess says as whom a process runs.
func OfProcess(pid int) (*windows.SID, error) {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return nil, err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	var token windows.Token
	if err := windows.OpenProcessToken(process, windows.TOKEN_QUERY, &token); err != nil {
		return nil, err
	}
	defer func() { _ = token.Close() }()
	user, err := token.GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}

// Private gives what makes a directory or a pipe this user's alone, and what is made in that
// directory as well, whatever is inherited from above.
func Private() (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := own()
	if err != nil {
		return nil, err
	}
	const all = ";OICI;GA;;;"
	return windows.SecurityDescriptorFromString("O:" + user.String() + "D:P(A" + all + user.String() + ")(A" + all + "SY)(A" + all + "BA)")
}

// Attributes are those that make something be as a descriptor says when it is made.
func Attributes(d *windows.SECURITY_DESCRIPTOR) *windows.SecurityAttributes {
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: d}
}

// Mkdir makes a directory that is this user's alone.
func Mkdir(path string) error {
	d, err := Private()
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	if err := windows.CreateDirectory(name, Attributes(d)); err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// Close makes a directory of this user's that others can write to, the user's alone.
func Close(path string) error {
	d, err := Private()
	if err != nil {
		return err
	}
	list, _, err := d.DACL()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d)
	return windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// writing are the rights by which one can change a file or a directory, or who may do so.
const writing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | deleteChild | windows.DELETE | windows.WRITE_DAC |
	windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

// deleteChild is FILE_DELETE_CHILD of winnt.h.
const deleteChild = 0x40

// IsShared reports whether others can write to a file or a directory, or it cannot be told.
func IsShared(path string) bool {
	d, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return true
	}
	list, _, err := d.DACL()
	if err != nil || list == nil { // a list that is not there keeps nobody out
		return true
	}
	defer runtime.KeepAlive(d)
	for n := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(list, n, &ace) != nil {
			return true
		}
		if ace.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && ace.Header.AceFlags&windows.INHERIT_ONLY_ACE == 0 &&
			ace.Mask&writing != 0 && !IsTrusted((*windows.SID)(unsafe.Pointer(&ace.SidStart))) {
			return true
		}
	}
	return false
}
