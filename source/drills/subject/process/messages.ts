/** From the program to the process of a subject. */
export type SubjectRequest =
	| {readonly type: 'open'; readonly path: string; readonly url: string}
	/** The reply has the same `id`. */
	| {
			readonly type: 'call';
			readonly id: number;
			readonly name: 'get' | 'set' | 'delete' | 'getOrSet';
			readonly key: string;
			readonly value?: unknown;
			readonly ttl: number;
	  }
	/** The answer to `load` if the load did not fail. */
	| {readonly type: 'loaded'; readonly load: number; readonly value: unknown}
	| {readonly type: 'close'};

export type SubjectMessage =
	| {readonly type: 'opened'; readonly canLoad: boolean}
	| {readonly type: 'not opened'; readonly message: string}
	/** Without a value: a miss, or the end of a change. */
	| {readonly type: 'done'; readonly id: number; readonly value?: unknown}
	| {readonly type: 'failed'; readonly id: number; readonly message: string}
	/** `getOrSet` of the call `id` needs its value loaded. */
	| {readonly type: 'load'; readonly id: number; readonly load: number}
	/** An error was not handled: the process ends. */
	| {readonly type: 'uncaught'; readonly message: string}
	| {readonly type: 'closed'; readonly message?: string};
