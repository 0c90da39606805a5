/** A cache library in one configuration, as the heal table compares them. */
export type Peer = {
	readonly name: string;
	/** Packages whose versions matter, the library first. */
	readonly packages: readonly string[];
	/** Where its own documentation advises this configuration. */
	readonly documentation: readonly string[];
	/** The configuration in one line. */
	readonly settings: string;
	/** @param url `redis://127.0.0.1:PORT` */
	open(url: string): Promise<OpenPeer>;
};

/**
 * What an application does with a cache. A change counts as acknowledged when its promise resolves, whatever it resolves
 * with: none of the libraries promises more.
 */
export type OpenPeer = {
	get(key: string): Promise<unknown>;
	getOrSet(key: string, loader: () => unknown, ttlMs: number): Promise<unknown>;
	/** Where a library cannot write, it invalidates. */
	set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
	delete(key: string): Promise<unknown>;
	close(): Promise<unknown>;
};

export const portOf = (url: string): number => Number(new URL(url).port);

/** For the events that the libraries ask applications to listen to. */
export const ignore = (): void => {};
