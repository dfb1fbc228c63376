module clientbook/benchmarks/peers/casbin

go 1.21

require github.com/casbin/casbin/v2 v2.100.0

require (
	github.com/bmatcuk/doublestar/v4 v4.6.1 // indirect
	github.com/casbin/govaluate v1.2.0 // indirect
)
