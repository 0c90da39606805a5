/** A cache library in one configuration, as the heal table compares them. */
export type Peer = {
	readonly name: string;
	/** Packages whose versions matter, the library first. */
	readonly packages: readonly string[];
	/** Pages of its documentation that advise this configuration. */
	readonly documentation: readonly string[];
	/** The configuration in one line. */
	readonly settings: string;
	/** @param url `redis://127.0.0.1:PORT` */
	open(url: string): Promise<OpenPeer>;
};

/**
 * The calls of an application. A change counts as acknowledged when its promise resolves, with any value: none of the
 * libraries promises more.
 */
export type OpenPeer = {
	get(key: string): Promise<unknown>;
	getOrSet(key: string, loader: () => unknown, ttlMs: number): Promise<unknown>;
	/** A library that cannot write invalidates instead. */
	set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
	delete(key: string): Promise<unknown>;
	close(): Promise<unknown>;
};

export const portOf = (url: string): number => Number(new URL(url).port);

/** Listener for the error events that libraries require applications to handle. */
export const ignore = (): void => {};
