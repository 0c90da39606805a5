/**
 * Files of a connection over TLS. Without any, the certificate authorities of Node.js are trusted, and no client certificate is
 * sent.
 */
export type TlsFiles = {
	/** Path of the trusted certificates (PEM), instead of those of Node.js. */
	readonly ca?: string | undefined;
	/** Path of the certificate (PEM) that this program shows to the server. */
	readonly cert?: string | undefined;
	/** Path of the private key (PEM) of `cert`. */
	readonly key?: string | undefined;
	/** True to accept any certificate, so that another server could impersonate this one. */
	readonly insecure?: boolean | undefined;
};

/** A Redis, and how to reach it. Serializable: crosses into the worker thread. */
export type Connection = {
	readonly url: string;
	/** Ignored for a URL without TLS. */
	readonly tls?: TlsFiles | undefined;
	/** Milliseconds that commands of the cache may take. Default 200. */
	readonly deadlineMs?: number | undefined;
};

export const defaultDeadlineMs = 200;

/** Colors that a connection may have in the header. */
export const connectionColors = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'] as const;

export type ConnectionColor = (typeof connectionColors)[number];

/** A connection that has a name in the configuration file. */
export type NamedConnection = Connection & {
	readonly name: string;
	/** Color of the header, so that one Redis is not mistaken for another. */
	readonly color: ConnectionColor | undefined;
	/** True: commands that write are refused. */
	readonly readOnly: boolean;
	/** Separator of the parts of names in the tree of keys. */
	readonly delimiter: string;
};

/** A connection to choose from, without its login. */
export type ConnectionSummary = Pick<NamedConnection, 'name' | 'color' | 'readOnly' | 'url'> & {
	/** True for the one in use. */
	readonly isCurrent: boolean;
};
