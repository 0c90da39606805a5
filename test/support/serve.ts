/** The calls that a child answers: named functions of one JSON value. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

export type Request = {readonly id?: number; readonly name: string; readonly argument: unknown};
/** A message without an id is not a reply to a call. */
export type Reply = {readonly id?: number; readonly value?: unknown; readonly error?: string};

/** In the child: answers calls of the parent until it disconnects. */
export const serve = (handlers: Handlers): void => {
	const answer = (reply: Reply): void => {
		if (process.connected) process.send?.(reply);
	};
	process.on('message', ({id, name, argument}: Request) => {
		if (id === undefined) return;
		void (async () => {
			try {
				const handler = handlers[name];
				if (handler === undefined) throw new Error(`there is no ${name}`);
				answer({id, value: await handler(argument as never)});
			} catch (error) {
				answer({id, error: error instanceof Error ? (error.stack ?? error.message) : String(error)});
			}
		})();
	});
	// Ends when the parent has died. A parent that disconnects on purpose expects the process to end by itself before
	// that.
	process.once('disconnect', () => void setTimeout(() => process.exit(99), 20_000).unref());
	answer({id: 0});
};
