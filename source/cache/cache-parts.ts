import type {ServerClocks} from './clock/server-clocks.js';
import type {GetOrSetParts} from './load/get-or-set.js';
import type {Tracing} from './observe/tracing.js';
import type {StatsParts} from './stats.js';
import type {CloseParts} from './transitions.js';
import type {ExpireParts} from './write/expire.js';
import type {InvalidateParts} from './write/invalidate.js';
import type {SetParts} from './write/set.js';

/** The parts of a cache. Each call, and each part, declares the few that it uses. */
export type CacheParts = GetOrSetParts &
	SetParts &
	ExpireParts &
	InvalidateParts &
	StatsParts &
	CloseParts & {readonly tracing: Tracing; readonly clocks: ServerClocks};
