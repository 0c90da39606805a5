import type {GetOrSetOptions, Loader} from '../api/types.js';
import type {Namespace} from '../keys/namespace.js';
import type {ReadTrace} from '../observe/tracing.js';
import type {ReadResult} from '../read/lookup.js';

/** One load: what it is for, and how long it may take. */
export type LoadOrder = {
	readonly space: Namespace;
	readonly key: string;
	readonly physical: string;
	readonly loader: Loader<unknown>;
	readonly options: GetOrSetOptions | undefined;
	readonly lookup: ReadResult;
	/** Of the call, when someone listens. */
	readonly trace: ReadTrace | undefined;
};
