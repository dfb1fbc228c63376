// Files and consents of other systems: CSV by column map, signals, records, pages, JSON; into a
// book and out of it.
// Programs that care for build times include the topics they need.
#ifndef CLIENTBOOK_EXCHANGE_HPP
#define CLIENTBOOK_EXCHANGE_HPP

#include <clientbook/core.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/csv.hpp>
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/exchange/gpc.hpp>
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/exchange/kantara.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/exchange/notice_page.hpp>
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/exchange/profile_json.hpp>
#include <clientbook/exchange/table_sniff.hpp>
#include <clientbook/exchange/tcf.hpp>
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/forms/people_finder.hpp>
#include <clientbook/transfer/export_consents.hpp>
#include <clientbook/transfer/export_customers.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/import_customers.hpp>

#endif
