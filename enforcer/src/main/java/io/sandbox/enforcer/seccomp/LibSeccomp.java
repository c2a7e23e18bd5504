package io.sandbox.enforcer.seccomp;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The functions of seccomp.h that we call, with their C names and in the header's order; no logic. Loading is tried once; where it failed, each call
 * throws {@link SeccompException} with that reason.
 *
 * <p>Calls go through {@link Function} rather than a mapped interface or registered methods, because that starts fastest.
 */
final class LibSeccomp {
  /** The library that the running system's libseccomp package provides; the name ends in its ABI version. */
  static final LibSeccomp INSTANCE = new LibSeccomp("libseccomp.so.2");

  /** __NR_SCMP_ERROR: the name is not known on any arch. */
  static final int NR_SCMP_ERROR = -1;

  private final String name;
  private final NativeLibrary library;
  private final LinkageError linkError;

  LibSeccomp(String name) {
    this.name = name;
    NativeLibrary loaded = null;
    LinkageError error = null;
    try {
      loaded = NativeLibrary.getInstance(name);
    } catch (LinkageError e) { // also NoClassDefFoundError, where JNA's own library could not be loaded
      error = e;
    }
    library = loaded;
    linkError = error;
  }

  /** {@code const struct scmp_version *}: three unsigned int, owned by the library. */
  Pointer seccomp_version() {
    return function("seccomp_version").invokePointer(new Object[0]);
  }

  int seccomp_arch_native() {
    return function("seccomp_arch_native").invokeInt(new Object[0]);
  }

  /** {@code char *}, null if there is no such call; the caller frees it with {@link #free}. */
  Pointer seccomp_syscall_resolve_num_arch(int archToken, int number) {
    return function("seccomp_syscall_resolve_num_arch").invokePointer(new Object[] {archToken, number});
  }

  /** A number, a negative pseudo number, or {@link #NR_SCMP_ERROR}. The name must not contain a NUL: it would end there. */
  int seccomp_syscall_resolve_name_arch(int archToken, String name) {
    return function("seccomp_syscall_resolve_name_arch").invokeInt(new Object[] {archToken, name});
  }

  /** free(3), for strings that the library allocated. */
  void free(Pointer memory) {
    Native.free(Pointer.nativeValue(memory));
  }

  private Function function(String function) {
    if (linkError != null) {
      throw new SeccompException(function, "cannot load " + name + ": " + linkError.getMessage(), "install the package libseccomp2", linkError);
    }
    try {
      return library.getFunction(function);
    } catch (UnsatisfiedLinkError e) {
      throw new SeccompException(function, "not in " + name, "libseccomp is too old", e);
    }
  }
}
