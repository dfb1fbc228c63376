// Notices for people: what a customer is shown before they decide, as text and as a page.
//
// The table is the preview's cells and nothing else: who gets what, for what, where, how long, and
// what is offered in return. The page is one self-contained HTML file: no script, nothing loaded
// from elsewhere, made for screen readers too (WCAG 2.2 AA: language, headings, captions, scopes,
// contrast). Words are in five languages; the shop's own texts are taken as they are.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_NOTICE_PAGE_HPP
#define CLIENTBOOK_EXCHANGE_NOTICE_PAGE_HPP

#include <clientbook/consent/explanation.hpp>
#include <clientbook/consent/preview.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/model/schema.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// What stands on the page. Views live as long as the call.
struct notice_content {
  privacy_notice notice{};
  std::span<const preview_cell> cells{};  ///< Of preview_consent(), for this notice.
  const recipient_registry* registry = nullptr;
  const schema* fields = nullptr;
  std::string_view controller{};  ///< Who asks: name and address of the shop.
  std::string_view text{};        ///< The shop's own words; notice.text is their hash.
  std::string_view offer{};       ///< What is offered in return; notice.offer is its hash.
  std::string_view withdrawal{};  ///< Where consent is withdrawn; empty: where it was given.
};

/// Plain text in UTF-8, lines ended by LF. Errors: missing_field (the notice was made with words of
/// the shop or an offer, and the text is empty).
result<std::string> notice_text(const notice_content& content, language speech);

/// A whole HTML 5 document in UTF-8. Errors: as notice_text().
result<std::string> notice_html(const notice_content& content, language speech);

}  // namespace clientbook

#endif
