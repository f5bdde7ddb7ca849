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

// mighty are the accounts that may do anything: administrators, the system, and the one that installs
// updates, whose SID is not among the well-known ones.
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

// IsTrusted reports whether an account is this user's, or may do anything anyway.
func IsTrusted(sid *windows.SID) bool {
	user, err := own()
	if err != nil || sid == nil {
		return false
	}
	return sid.Equals(user) || slices.ContainsFunc(mighty(), sid.Equals)
}

// Name is the name of an account.
func Name(sid *windows.SID) string {
	if name, domain, _, err := sid.LookupAccount(""); err == nil {
		return domain + `\` + name
	}
	return sid.String()
}

// OfFile is the owner of a file.
func OfFile(path string) (*windows.SID, error) {
	d, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	sid, _, err := d.Owner()
	return sid, err
}

// OfProcess is the account that a process runs as.
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

// Private describes a directory or a pipe that only this user can access, as well as anything created
// in that directory, whatever the directory above would pass on.
func Private() (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := own()
	if err != nil {
		return nil, err
	}
	const all = ";OICI;GA;;;"
	return windows.SecurityDescriptorFromString("O:" + user.String() + "D:P(A" + all + user.String() + ")(A" + all + "SY)(A" + all + "BA)")
}

// Attributes are those with which something is created as a descriptor says.
func Attributes(d *windows.SECURITY_DESCRIPTOR) *windows.SecurityAttributes {
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: d}
}

// Mkdir creates a directory that only this user can access.
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

// Close denies others access to a directory of this user's.
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

// writing are the rights to change a file or a directory, or its access control list.
const writing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | deleteChild | windows.DELETE | windows.WRITE_DAC |
	windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

// deleteChild is FILE_DELETE_CHILD of winnt.h.
const deleteChild = 0x40

// IsShared reports whether others can write to a file or a directory, or that is unknown.
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
