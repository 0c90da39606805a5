/** What a child's script offers: named functions of one JSON value. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

export type Request = {readonly id?: number; readonly name: string; readonly argument: unknown};
/** Without an id it is no reply to a call. */
export type Reply = {readonly id?: number; readonly value?: unknown; readonly error?: string};

/** In the child: answers the parent's calls, until the parent lets go. */
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
	// A parent that died without a word must not leave us behind; one that lets go wants to see us end by ourselves.
	process.once('disconnect', () => void setTimeout(() => process.exit(99), 20_000).unref());
	answer({id: 0});
};
