// Casbin decides the cells that consent_bench asks about, under the same directives.
//
// usage: casbin_peer POLICY.csv ANSWERS      prints nanoseconds of one Enforce(), the median of 7
//
// ANSWERS has a 1 for every question that a consent permits: the answers must be the same.
package main

import (
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	fileadapter "github.com/casbin/casbin/v2/persist/file-adapter"
)

// Hierarchies as roles; a denial overrides; without a rule that allows, no.
const rules = `
[request_definition]
r = purpose, recipient, category

[policy_definition]
p = purpose, recipient, category, eft

[role_definition]
g = _, _
g2 = _, _
g3 = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = g(r.purpose, p.purpose) && g2(r.recipient, p.recipient) && g3(r.category, p.category)
`

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "casbin_peer:", err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: casbin_peer POLICY.csv ANSWERS"))
	}
	m, err := model.NewModelFromString(rules)
	fail(err)
	enforcer, err := casbin.NewEnforcer(m, fileadapter.NewAdapter(os.Args[1]))
	fail(err)
	questions := [][3]string{
		{"email_marketing", "self", "email_address"},
		{"client_care", "self", "email_address"},
		{"email_marketing", "selected_partner", "email_address"},
		{"customer_order_management", "self", "email_address"},
		{"delivery_of_goods", "parcel_service", "email_address"},
		{"birthday_greeting", "self", "email_address"},
		{"sell_data_to_third_parties", "data_broker", "email_address"},
		{"telephone_marketing", "self", "email_address"},
	}
	for i, q := range questions {
		got, err := enforcer.Enforce(q[0], q[1], q[2])
		fail(err)
		if got != (os.Args[2][i] == '1') {
			fail(fmt.Errorf("question %d is answered %v", i, got))
		}
	}
	const calls = 4000
	var times []float64
	for run := 0; run < 7; run++ {
		begin := time.Now()
		for i := 0; i < calls; i++ {
			q := questions[i%len(questions)]
			_, _ = enforcer.Enforce(q[0], q[1], q[2])
		}
		times = append(times, float64(time.Since(begin).Nanoseconds())/calls)
	}
	sort.Float64s(times)
	fmt.Printf("%.1f\n", times[len(times)/2])
}
