import type {Lookup} from './lookup.js';
import type {Space} from './space.js';
import type {ReadTrace} from './tracing.js';
import type {GetOrSetOptions, Loader} from './types.js';

/** One load: what it is for, and how long it may take. */
export type LoadOrder = {
	readonly space: Space;
	readonly key: string;
	readonly physical: string;
	readonly loader: Loader<unknown>;
	readonly options: GetOrSetOptions | undefined;
	readonly lookup: Lookup;
	/** Of the call, when someone listens. */
	readonly trace: ReadTrace | undefined;
};
