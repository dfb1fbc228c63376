#!/usr/bin/env bash
# The client book, end to end, on real input. scripts/demo installs, builds and calls this.
#
# usage: examples/demo.sh [--keep DIR] [--json FILE]
#
# Reads CLIENTBOOK_PROGRAM (the program) and CLIENTBOOK_DATA (a folder that has adventureworks/;
# without it the invented customers of examples/data are used).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${CLIENTBOOK_PROGRAM:?set CLIENTBOOK_PROGRAM to the built program}
keep= json_file=
while [[ $# -gt 0 ]]; do
  case $1 in
    --keep) keep=$2; shift ;;
    --json) json_file=$2; shift ;;
    *) echo "demo: unknown argument $1" >&2; exit 1 ;;
  esac
  shift
done

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
if [[ -n $keep ]]; then
  mkdir -p "$keep"
  keep=$(cd "$keep" && pwd)
  if [[ -e $keep/shop.book || -e $keep/key ]]; then
    echo "demo: $keep holds a book already: name an empty folder" >&2
    exit 4
  fi
else
  keep=$temporary/demo
  mkdir -p "$keep"
fi
book=$keep/shop.book
# The key of a real shop lies on another disk or in a key manager; never beside the book.
export CLIENTBOOK_KEY=$keep/key/root.key
copy=$temporary/copy.book

if [[ -n ${CLIENTBOOK_DATA:-} && -d $CLIENTBOOK_DATA/adventureworks ]]; then
  data=$CLIENTBOOK_DATA/adventureworks
  map=$here/import/adventureworks.json
  system=adventureworks
  notices=email_promotion
  announced=email_marketing
  who=$system:1701  # agreed to e-mail from the shop and its partners
  gone=$system:1045
else
  data=$here/data
  map=$here/import/clientbook.json
  system=clientbook
  notices="house-rules-2025 newsletter-2025"
  announced=all
  who=$system:C-1001
  gone=$system:C-1002
  echo "(no adventureworks in CLIENTBOOK_DATA: the invented customers of examples/data are used)"
fi

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() {
  printf '\033[2m$ clientbook %s\033[0m\n' "${*//$keep/DIR}"
  "$program" "$@"
}

step "1. A new book, its root key elsewhere, and who may ever receive something"
run init "$book" --profile gdpr
run recipient add "$book" parcel-co --class parcel_service --country DE --contract PC-2026-01
run recipient add "$book" sports-monthly --class selected_partner --country DE --contract SM-2026-04 --no-onward
run recipient add "$book" big-data-inc --class data_broker --country US
for notice in $notices; do
  run notice add "$book" "$notice" --file "$here/import/notice.txt" --purpose "$announced" \
    --to self,selected_partner --category all
done

step "2. Import: every field sealed under its customer's own key, every field with a basis"
"$program" --json import "$book" --map "$map" --from "$data" > "$temporary/import.json" || {
  cat "$temporary/import.json"
  exit 1
}
"$program" --json stats "$book" --read-all > "$temporary/stats.json"
run stats "$book"

step "3. One customer, as four readers would see them"
run preview "$book" "$who" --as email_marketing@self --as delivery_of_goods@parcel-co \
  --as email_marketing@sports-monthly --as sell_data_to_third_parties@big-data-inc

step "4. A disclosure: the ledger first, then the bytes"
run disclose "$book" "$who" --purpose delivery_of_goods --to parcel-co
run ledger "$book" "$who" --proof "$temporary/proof.txt"
run check-proof "$temporary/proof.txt" --log "$("$program" --quiet --json ledger-identity "$book" | sed 's/.*"identity":"\([^"]*\)".*/\1/')"

step "5. The customer changes their mind: the next read shows it"
run show "$book" "$who" --purpose email_marketing --fields name,emails
run consent withdraw "$book" "$who" --purpose email_marketing
run show "$book" "$who" --purpose email_marketing --fields name,emails
run consent history "$book" "$who"

step "6. Erasure, also from a copy made before"
cp -r "$book" "$copy"
gone_id=$("$program" --json show "$book" "$gone" --purpose customer_order_management --fields name |
  sed 's/.*"customer":"\([0-9a-f]*\)".*/\1/')
run erase "$book" "$gone" --reason subject_request
echo "\$ clientbook show DIR/shop.book $gone_id   (the book)"
if "$program" show "$book" "$gone_id" --purpose customer_order_management; then
  echo "demo: the book still gives the erased customer" >&2
  exit 1
else
  echo "-> refused, exit code $?"
fi
run carve "$book" --copy "$copy" --gone "$gone_id"

step "7. Everything opened again and held against manifests and ledger"
run verify "$book"

if [[ -n $json_file ]]; then
  inner() { sed 's/^{//; s/}$//' "$1"; }
  printf '{%s,%s}\n' "$(inner "$temporary/import.json")" "$(inner "$temporary/stats.json")" \
    > "$json_file"
  echo "summary written"
fi
