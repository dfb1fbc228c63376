// PKCS#11 as its version 2.40 has it. Addresses and modules are read by p11-kit, which is loaded
// when somebody names a token: whoever names none needs none of it.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>
#include <clientbook/internal/adapters/token_key.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

namespace clientbook {

namespace {

constexpr std::string_view asked_for = "clientbook token key 1";
constexpr std::size_t longest_pin = 256;
constexpr std::size_t largest_answer = 1024;  // A signature of RSA with 8,192 bits.

constexpr error token_failed{errc::io_error,
                             "the token or its module failed: try it with a tool of its own"};

constexpr posix::words pin_said{
    .absent = "no file with the token's PIN there: check pin-source in the address",
    .refused = "the system refuses access to the file with the token's PIN",
    .folder = "the file with the token's PIN is a folder",
    .failed = "the file with the token's PIN cannot be read",
};

// What of p11-kit is used.
struct kit {
  decltype(&p11_kit_uri_new) uri_new;
  decltype(&p11_kit_uri_parse) uri_parse;
  decltype(&p11_kit_uri_free) uri_free;
  decltype(&p11_kit_uri_any_unrecognized) any_unrecognized;
  decltype(&p11_kit_uri_match_token_info) match_token;
  decltype(&p11_kit_uri_get_attribute) attribute;
  decltype(&p11_kit_uri_get_pin_source) pin_source;
  decltype(&p11_kit_uri_get_pin_value) pin_value;
  decltype(&p11_kit_uri_get_module_path) module_path;
  decltype(&p11_kit_module_load) module_load;
  decltype(&p11_kit_module_initialize) module_initialize;
  decltype(&p11_kit_module_finalize) module_finalize;
  decltype(&p11_kit_module_release) module_release;
  decltype(&p11_kit_modules_load_and_initialize) modules_load;
  decltype(&p11_kit_modules_finalize_and_release) modules_release;
};

// It stays loaded: a module may have threads of its own.
result<kit> load_kit() {
  void* const library = ::dlopen("libp11-kit.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  constexpr error absent{errc::unsupported,
                         "p11-kit (libp11-kit.so.0) is not installed: a token is asked through it"};
  if (library == nullptr) return absent;
  bool good = true;
  const auto take = [&](auto& to, const char* name) {
    to = reinterpret_cast<std::remove_reference_t<decltype(to)>>(::dlsym(library, name));
    good = good && to != nullptr;
  };
  kit out{};
  take(out.uri_new, "p11_kit_uri_new");
  take(out.uri_parse, "p11_kit_uri_parse");
  take(out.uri_free, "p11_kit_uri_free");
  take(out.any_unrecognized, "p11_kit_uri_any_unrecognized");
  take(out.match_token, "p11_kit_uri_match_token_info");
  take(out.attribute, "p11_kit_uri_get_attribute");
  take(out.pin_source, "p11_kit_uri_get_pin_source");
  take(out.pin_value, "p11_kit_uri_get_pin_value");
  take(out.module_path, "p11_kit_uri_get_module_path");
  take(out.module_load, "p11_kit_module_load");
  take(out.module_initialize, "p11_kit_module_initialize");
  take(out.module_finalize, "p11_kit_module_finalize");
  take(out.module_release, "p11_kit_module_release");
  take(out.modules_load, "p11_kit_modules_load_and_initialize");
  take(out.modules_release, "p11_kit_modules_finalize_and_release");
  ::dlclose(library);
  if (!good) return absent;
  return out;
}

// An address, and what of it is needed.
class token_address {
 public:
  static result<token_address> read(const kit& by, std::string_view text) {
    const std::string whole(text);
    if (whole.find('\0') != whole.npos || whole.size() > 4096) return wrong();
    token_address out(by, by.uri_new());
    if (out.uri_ == nullptr) return error{errc::limit_exceeded, "not enough memory"};
    if (by.uri_parse(whole.c_str(), P11_KIT_URI_FOR_ANY, out.uri_.get()) != P11_KIT_URI_OK ||
        by.any_unrecognized(out.uri_.get()) != 0) {
      return wrong();
    }
    if (by.pin_value(out.uri_.get()) != nullptr) {
      return error{errc::invalid_argument,
                   "a PIN in an address is seen by every user of the machine: name a file that "
                   "holds it, pin-source=file:/path"};
    }
    if (out.named(CKA_LABEL) == nullptr && out.named(CKA_ID) == nullptr) {
      return error{errc::invalid_argument,
                   "the address of a token's key names it: object=... or id=..."};
    }
    return out;
  }

  CK_ATTRIBUTE* named(CK_ATTRIBUTE_TYPE type) const { return by_->attribute(uri_.get(), type); }
  bool is_of(CK_TOKEN_INFO& token) const { return by_->match_token(uri_.get(), &token) == 1; }
  std::string module_path() const { return text(by_->module_path(uri_.get())); }
  // A path, also with `file:` or `file://` before it; empty: none.
  std::string pin_file() const {
    std::string out = text(by_->pin_source(uri_.get()));
    if (out.starts_with("file:")) out.erase(0, 5);
    if (out.starts_with("//")) out.erase(0, 2);
    return out;
  }
  std::vector<CK_ATTRIBUTE> wanted(CK_OBJECT_CLASS& kind) const {
    std::vector<CK_ATTRIBUTE> out{{CKA_CLASS, &kind, sizeof kind}};
    for (const CK_ATTRIBUTE_TYPE type : {CKA_LABEL, CKA_ID}) {
      if (const CK_ATTRIBUTE* const one = named(type)) out.push_back(*one);
    }
    return out;
  }

 private:
  static error wrong() {
    return {errc::invalid_argument,
            "this is no address of a token's key (RFC 7512): "
            "pkcs11:token=...;object=...?module-path=...&pin-source=file:..."};
  }
  static std::string text(const char* from) { return from == nullptr ? std::string() : from; }
  token_address(const kit& by, P11KitUri* uri) : by_(&by), uri_(uri, by.uri_free) {}

  const kit* by_;
  std::unique_ptr<P11KitUri, decltype(kit::uri_free)> uri_;
};

// Modules that are ready, until this object goes.
class ready_modules {
 public:
  explicit ready_modules(const kit& by) : by_(&by) {}
  ready_modules(const ready_modules&) = delete;
  ready_modules& operator=(const ready_modules&) = delete;
  ~ready_modules() {
    if (one_ != nullptr) {
      if (ready_) by_->module_finalize(one_);
      by_->module_release(one_);
    }
    if (many_ != nullptr) by_->modules_release(many_);
  }

  result<std::vector<CK_FUNCTION_LIST*>> load(const std::string& path) {
    std::vector<CK_FUNCTION_LIST*> out;
    if (path.empty()) {
      many_ = by_->modules_load(0);
      for (CK_FUNCTION_LIST** at = many_; at != nullptr && *at != nullptr; ++at) out.push_back(*at);
      return out;
    }
    one_ = by_->module_load(path.c_str(), 0);
    ready_ = one_ != nullptr && by_->module_initialize(one_) == CKR_OK;
    if (!ready_) {
      return error{errc::unsupported,
                   "the module of the token cannot be loaded: check module-path in the address"};
    }
    out.push_back(one_);
    return out;
  }

 private:
  const kit* by_;
  CK_FUNCTION_LIST* one_ = nullptr;
  bool ready_ = false;
  CK_FUNCTION_LIST** many_ = nullptr;
};

// A session with the token, ended with this object.
class token_session {
 public:
  token_session(CK_FUNCTION_LIST* by, CK_SESSION_HANDLE session) : by_(by), session_(session) {}
  token_session(token_session&& from) noexcept
      : by_(std::exchange(from.by_, nullptr)),
        session_(from.session_),
        logged_in_(from.logged_in_) {}
  token_session& operator=(token_session&&) = delete;
  ~token_session() {
    if (by_ == nullptr) return;
    if (logged_in_) by_->C_Logout(session_);
    by_->C_CloseSession(session_);
  }
  // A login is of all sessions of the process: one that the host had before stays.
  void is_logged_in() noexcept { logged_in_ = true; }
  CK_FUNCTION_LIST* operator->() const { return by_; }
  CK_SESSION_HANDLE id() const { return session_; }

 private:
  CK_FUNCTION_LIST* by_ = nullptr;
  CK_SESSION_HANDLE session_ = 0;
  bool logged_in_ = false;
};

struct found_token {
  CK_FUNCTION_LIST* by = nullptr;
  CK_SLOT_ID slot = 0;
  CK_TOKEN_INFO info{};
};

result<found_token> find_token(const std::vector<CK_FUNCTION_LIST*>& modules,
                               const token_address& address) {
  found_token out;
  for (CK_FUNCTION_LIST* const by : modules) {
    CK_ULONG count = 0;
    if (by->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) continue;
    std::vector<CK_SLOT_ID> slots(count);
    if (count == 0 || by->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) continue;
    slots.resize(std::min<std::size_t>(count, slots.size()));
    for (const CK_SLOT_ID slot : slots) {
      CK_TOKEN_INFO info{};
      if (by->C_GetTokenInfo(slot, &info) != CKR_OK || !address.is_of(info)) continue;
      if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
      if (out.by != nullptr) {
        return error{errc::invalid_argument,
                     "more than one token is of this address: name it by serial=..."};
      }
      out = {by, slot, info};
    }
  }
  if (out.by == nullptr) {
    return error{errc::not_found, "no token of this address is there: plug it in, or check token="};
  }
  return out;
}

struct pin_read {
  secret<longest_pin> bytes{};
  std::size_t size = 0;
};
result<pin_read> read_pin(const std::string& path) {
  const posix::file file(path, O_RDONLY);
  if (!file) return posix::told(errno, pin_said);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return posix::told(errno, pin_said);
  if (S_ISDIR(status.st_mode)) return posix::told(EISDIR, pin_said);
  if (S_ISREG(status.st_mode) && (status.st_mode & 077) != 0) {
    return error{errc::permission_denied, "the file with the PIN is open to others: chmod 600 it"};
  }
  pin_read out;
  const int failed = out.bytes.fill_bytes([&](byte_span to) {
    while (out.size < to.size()) {
      const ssize_t got = ::read(file.get(), to.data() + out.size, to.size() - out.size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno;
      if (got == 0) break;
      out.size += static_cast<std::size_t>(got);
    }
    while (out.size > 0 &&
           (to[out.size - 1] == std::byte{'\n'} || to[out.size - 1] == std::byte{'\r'})) {
      --out.size;
    }
    return 0;
  });
  if (failed != 0) return posix::told(failed, pin_said);
  if (out.size == 0 || out.size == longest_pin) {
    return error{errc::invalid_argument, "the file with the PIN holds no PIN"};
  }
  return out;
}

constexpr error no_pin{
    errc::permission_denied,
    "the token asks for a PIN: name a file that holds it, pin-source=file:/path"};

// A token with keys of its own (a pad for the PIN) asks by itself.
result<void> log_in(token_session& in, const found_token& token, const token_address& address) {
  if ((token.info.flags & CKF_LOGIN_REQUIRED) == 0) return {};
  if ((token.info.flags & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY)) != 0) {
    return error{errc::permission_denied,
                 "the token's PIN is locked, or one wrong one would lock it: use it with a tool of "
                 "its own first"};
  }
  const std::string file = address.pin_file();
  const bool own_pad = (token.info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  if (file.empty() && !own_pad) return no_pin;
  CK_RV said = CKR_OK;
  if (file.empty()) {
    said = in->C_Login(in.id(), CKU_USER, nullptr, 0);
  } else {
    const auto pin = read_pin(file);
    if (!pin) return pin.error();
    said = pin->bytes.with_bytes([&](byte_view bytes) {
      // The interface takes it for writing, and does not write.
      auto* const text = reinterpret_cast<CK_UTF8CHAR*>(const_cast<std::byte*>(bytes.data()));
      return in->C_Login(in.id(), CKU_USER, text, pin->size);
    });
  }
  if (said == CKR_OK) in.is_logged_in();
  if (said == CKR_OK || said == CKR_USER_ALREADY_LOGGED_IN) return {};
  if (said == CKR_PIN_INCORRECT || said == CKR_PIN_INVALID || said == CKR_PIN_LEN_RANGE) {
    return error{errc::permission_denied,
                 "the token refuses the PIN: correct its file; some wrong ones lock it"};
  }
  if (said == CKR_PIN_LOCKED) {
    return error{errc::permission_denied, "the token's PIN is locked: unlock it with its own tool"};
  }
  return token_failed;
}

result<token_session> begin(const found_token& token, CK_FLAGS flags) {
  CK_SESSION_HANDLE handle = 0;
  const CK_RV said =
      token.by->C_OpenSession(token.slot, CKF_SERIAL_SESSION | flags, nullptr, nullptr, &handle);
  if (said == CKR_TOKEN_WRITE_PROTECTED) {
    return error{errc::permission_denied, "the token is write-protected"};
  }
  if (said != CKR_OK) return token_failed;
  return token_session(token.by, handle);
}

// How many keys of this kind the address has, at most two, and the first.
struct found_key {
  CK_ULONG count = 0;
  CK_OBJECT_HANDLE key = 0;
};
result<found_key> find_key(const token_session& in, const token_address& address,
                           CK_OBJECT_CLASS kind) {
  // type=... of the address
  if (const CK_ATTRIBUTE* const only = address.named(CKA_CLASS);
      only != nullptr && only->ulValueLen == sizeof kind &&
      !std::equal(reinterpret_cast<const std::byte*>(&kind),
                  reinterpret_cast<const std::byte*>(&kind) + sizeof kind,
                  static_cast<const std::byte*>(only->pValue))) {
    return found_key{};
  }
  auto wanted = address.wanted(kind);
  if (in->C_FindObjectsInit(in.id(), wanted.data(), wanted.size()) != CKR_OK) return token_failed;
  std::array<CK_OBJECT_HANDLE, 2> keys{};
  found_key out;
  const CK_RV said = in->C_FindObjects(in.id(), keys.data(), keys.size(), &out.count);
  in->C_FindObjectsFinal(in.id());
  if (said != CKR_OK) return token_failed;
  out.key = keys[0];
  return out;
}

constexpr error other_kind{
    errc::unsupported,
    "the token gives no same answer twice by this key: it takes a secret key with CKM_SHA256_HMAC, "
    "or an RSA key with CKM_SHA256_RSA_PKCS"};

result<std::size_t> sign(const token_session& in, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE by,
                         secret<largest_answer>& out) {
  CK_MECHANISM mechanism{by, nullptr, 0};
  const CK_RV begun = in->C_SignInit(in.id(), &mechanism, key);
  if (begun != CKR_OK) return begun == CKR_GENERAL_ERROR ? token_failed : other_kind;
  CK_ULONG size = largest_answer;
  const CK_RV said = out.fill_bytes([&](byte_span to) {
    std::array<CK_BYTE, asked_for.size()> text{};
    std::copy(asked_for.begin(), asked_for.end(), text.begin());
    return in->C_Sign(in.id(), text.data(), text.size(), reinterpret_cast<CK_BYTE*>(to.data()),
                      &size);
  });
  if (said != CKR_OK || size > largest_answer) return token_failed;
  return size;
}

// Twice, and compared: what is not the same each time would never open again.
result<secret<32>> answer_of(const token_session& in, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE by) {
  secret<largest_answer> first;
  secret<largest_answer> again;
  const auto size = sign(in, key, by, first);
  if (!size) return size.error();
  const auto same_size = sign(in, key, by, again);
  if (!same_size) return same_size.error();
  const bool hmac = by == CKM_SHA256_HMAC;
  secret<32> out;
  const bool good = first.with_bytes([&](byte_view one) {
    return again.with_bytes([&](byte_view other) {
      if (*size != *same_size || *size < 32 || (hmac && *size != 32) ||
          !crypto::equal(one.first(*size), other.first(*size))) {
        return false;
      }
      out.fill_bytes([&](byte_span to) {
        if (hmac) {
          copy_bytes(to, one.first(32));
          return;
        }
        const crypto::digest made = crypto::hash(one.first(*size));
        copy_bytes(to, made);
      });
      return true;
    });
  });
  if (!good) return other_kind;
  return out;
}

result<secret<32>> ask(const token_session& in, const token_address& address) {
  constexpr error several{errc::invalid_argument,
                          "more than one key of the token is of this address: name it by id=..."};
  for (const auto& [kind, by] : {std::pair{CKO_SECRET_KEY, CKM_SHA256_HMAC},
                                 std::pair{CKO_PRIVATE_KEY, CKM_SHA256_RSA_PKCS}}) {
    const auto found = find_key(in, address, kind);
    if (!found) return found.error();
    if (found->count > 1) return several;
    if (found->count == 1) return answer_of(in, found->key, by);
  }
  return error{errc::not_found, "the token has no key of this address: make one, or check object="};
}

result<CK_OBJECT_HANDLE> make_key(const token_session& in, const token_address& address) {
  for (const CK_OBJECT_CLASS kind : {CKO_SECRET_KEY, CKO_PRIVATE_KEY}) {
    const auto found = find_key(in, address, kind);
    if (!found) return found.error();
    if (found->count != 0) {
      return error{errc::already_exists,
                   "the token has a key of this address already: name another, or name it as one "
                   "that is there"};
    }
  }
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  CK_ULONG size = 32;
  CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_GENERIC_SECRET;
  std::vector<CK_ATTRIBUTE> of = address.wanted(kind);
  of.insert(of.end(), {{CKA_KEY_TYPE, &type, sizeof type},
                       {CKA_VALUE_LEN, &size, sizeof size},
                       {CKA_TOKEN, &yes, sizeof yes},
                       {CKA_PRIVATE, &yes, sizeof yes},
                       {CKA_SENSITIVE, &yes, sizeof yes},
                       {CKA_EXTRACTABLE, &no, sizeof no},
                       {CKA_SIGN, &yes, sizeof yes}});
  CK_MECHANISM mechanism{CKM_GENERIC_SECRET_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE made = 0;
  const CK_RV said = in->C_GenerateKey(in.id(), &mechanism, of.data(), of.size(), &made);
  if (said == CKR_MECHANISM_INVALID || said == CKR_FUNCTION_NOT_SUPPORTED) return other_kind;
  if (said != CKR_OK) return token_failed;
  return made;
}

result<secret<32>> with_token(std::string_view text, bool make) {
  const auto by = load_kit();
  if (!by) return by.error();
  auto address = token_address::read(*by, text);
  if (!address) return address.error();
  ready_modules ready(*by);
  const auto modules = ready.load(address->module_path());
  if (!modules) return modules.error();
  const auto token = find_token(*modules, *address);
  if (!token) return token.error();
  auto in = begin(*token, make ? CKF_RW_SESSION : 0);
  if (!in) return in.error();
  if (auto good = log_in(*in, *token, *address); !good) return good.error();
  if (!make) return ask(*in, *address);
  const auto made = make_key(*in, *address);
  if (!made) return made.error();
  auto answer = ask(*in, *address);
  if (!answer) (*in)->C_DestroyObject(in->id(), *made);
  return answer;
}

}  // namespace

result<secret<32>> ask_token_key(std::string_view address) noexcept try {
  return with_token(address, false);
} catch (const std::exception&) {
  return error{errc::limit_exceeded, "not enough memory"};
}

result<secret<32>> make_token_key(std::string_view address) noexcept try {
  return with_token(address, true);
} catch (const std::exception&) {
  return error{errc::limit_exceeded, "not enough memory"};
}

}  // namespace clientbook
