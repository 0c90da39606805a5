/** The functions that the parent can call in a child, by name. Each takes one JSON value. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

export type Request = {readonly id?: number; readonly name: string; readonly argument: unknown};
/** A message of a child. Without an `id`, it is not a reply to a call. */
export type Reply = {readonly id?: number; readonly value?: unknown; readonly error?: string};

/** Called in the child: answers calls of the parent until the parent disconnects. */
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
	// Ends the process if the parent has died. If the parent disconnects on purpose, the process must end by itself before that.
	process.once('disconnect', () => void setTimeout(() => process.exit(99), 20_000).unref());
	answer({id: 0});
};
