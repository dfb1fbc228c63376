// The functions of PKCS#11 that a token's key is asked by, and no others.
#include "fake_token.hpp"

#include <p11-kit/pkcs11.h>

#include <cstring>

namespace {

fake_token token;
unsigned given = 0;

CK_RV initialize(void* /*arguments*/) { return CKR_OK; }
CK_RV finalize(void* /*reserved*/) { return CKR_OK; }
CK_RV info(CK_INFO* to) {
  *to = {};
  to->cryptokiVersion = {2, 40};
  return CKR_OK;
}
CK_RV slots(CK_BBOOL /*present*/, CK_SLOT_ID* to, CK_ULONG* count) {
  if (to != nullptr) *to = 1;
  *count = 1;
  return CKR_OK;
}
CK_RV token_info(CK_SLOT_ID /*slot*/, CK_TOKEN_INFO* to) {
  std::memset(to, ' ', sizeof *to);
  std::memcpy(to->label, "Fake", 4);
  to->flags = CKF_TOKEN_INITIALIZED | token.flags;
  return CKR_OK;
}
CK_RV open(CK_SLOT_ID /*slot*/, CK_FLAGS /*flags*/, void* /*context*/, CK_NOTIFY /*notify*/,
           CK_SESSION_HANDLE* to) {
  *to = ++token.sessions;
  return CKR_OK;
}
CK_RV close(CK_SESSION_HANDLE /*session*/) {
  --token.sessions;
  return CKR_OK;
}
CK_RV login(CK_SESSION_HANDLE /*session*/, CK_USER_TYPE /*user*/, CK_UTF8CHAR* pin, CK_ULONG size) {
  ++token.logins;
  if (pin == nullptr)
    return (token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0 ? CKR_OK : CKR_PIN_INCORRECT;
  const bool right = size == token.pin.size() && std::memcmp(pin, token.pin.data(), size) == 0;
  return right ? CKR_OK : CKR_PIN_INCORRECT;
}
CK_RV logout(CK_SESSION_HANDLE /*session*/) {
  ++token.logouts;
  return CKR_OK;
}
CK_RV find_init(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  given = 0;
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type != CKA_CLASS) continue;
    CK_OBJECT_CLASS kind = 0;
    std::memcpy(&kind, wanted[i].pValue, sizeof kind);
    if (kind == (token.secret_key ? CKO_SECRET_KEY : CKO_PRIVATE_KEY)) given = token.keys;
  }
  return CKR_OK;
}
CK_RV find(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* to, CK_ULONG most, CK_ULONG* count) {
  *count = given < most ? given : most;
  for (CK_ULONG i = 0; i < *count; ++i) to[i] = i + 1;
  return CKR_OK;
}
CK_RV find_final(CK_SESSION_HANDLE /*session*/) { return CKR_OK; }
CK_RV generate(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*by*/, CK_ATTRIBUTE* /*of*/,
               CK_ULONG /*count*/, CK_OBJECT_HANDLE* to) {
  *to = ++token.keys;
  return CKR_OK;
}
CK_RV destroy(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*key*/) {
  --token.keys;
  return CKR_OK;
}
CK_RV sign_init(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*by*/, CK_OBJECT_HANDLE /*key*/) {
  return token.sign_says;
}
CK_RV sign(CK_SESSION_HANDLE /*session*/, CK_BYTE* /*text*/, CK_ULONG /*size*/, CK_BYTE* to,
           CK_ULONG* count) {
  ++token.signatures;
  *count = token.secret_key ? 32 : 256;
  for (CK_ULONG i = 0; i < *count; ++i) {
    const unsigned other = token.same_each_time ? 0 : token.signatures;
    to[i] = static_cast<CK_BYTE>(token.fills_with_zeros ? 0U : 200U + i + other);
  }
  return CKR_OK;
}

}  // namespace

extern "C" fake_token* fake_token_here() { return &token; }

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** to) {
  static CK_FUNCTION_LIST all = [] {
    CK_FUNCTION_LIST out{};
    out.version = {2, 40};
    out.C_Initialize = initialize;
    out.C_Finalize = finalize;
    out.C_GetInfo = info;
    out.C_GetFunctionList = C_GetFunctionList;
    out.C_GetSlotList = slots;
    out.C_GetTokenInfo = token_info;
    out.C_OpenSession = open;
    out.C_CloseSession = close;
    out.C_Login = login;
    out.C_Logout = logout;
    out.C_FindObjectsInit = find_init;
    out.C_FindObjects = find;
    out.C_FindObjectsFinal = find_final;
    out.C_GenerateKey = generate;
    out.C_DestroyObject = destroy;
    out.C_SignInit = sign_init;
    out.C_Sign = sign;
    return out;
  }();
  *to = &all;
  return CKR_OK;
}
