/** Standard output and error of the program. A reader that goes away ends the program, quietly. */
export type Output = {
	out(text: string): void;
	err(text: string): void;
	/** Aborted when nobody reads standard output any more. */
	readonly broken: AbortSignal;
};

export function openOutput(): Output {
	const broken = new AbortController();
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		broken.abort();
	});
	// Without a reader of errors there is nobody to tell.
	process.stderr.on('error', () => undefined);
	return {
		out: (text) => {
			if (!broken.signal.aborted) process.stdout.write(text);
		},
		err: (text) => {
			process.stderr.write(text);
		},
		broken: broken.signal,
	};
}
