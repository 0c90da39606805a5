/**
 * The kinds of calls that need consent on a Redis that this program did not start. `values`: single values by name.
 * `workload`, `drill`: traffic on keys of their own. `removal`: keys or entries are deleted or invalidated. `command`: a
 * raw command that the server does not flag as reading. `dangerous`: a raw command that may block every client or change
 * the server itself, asked about on a private Redis as well. `bulk`: many keys at once are changed or created.
 * `clients`: connections of applications are closed. `application`: nothing is written, but the connections of the
 * application behind the tap are broken. `load`: nothing is written, but the server is slowed down.
 */
export type WriteKind =
	| 'values'
	| 'workload'
	| 'drill'
	| 'removal'
	| 'bulk'
	| 'command'
	| 'dangerous'
	| 'clients'
	| 'application'
	| 'load';
