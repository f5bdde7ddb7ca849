/* Go takes random numbers from bcryptprimitives.dll, which older versions of Wine do not
   have. This one takes them from where Windows itself used to. */
#include <windows.h>

extern BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
	return SystemFunction036(buffer, (ULONG)size);
}
