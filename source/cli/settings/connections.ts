/** The settings that a connection of the configuration file may have, besides its color. */
const ownSettings = ['url', 'readOnly', 'ca', 'cert', 'key', 'insecure', 'deadline', 'delimiter'] as const;

export const connectionFields: readonly string[] = [...ownSettings, 'color'];

/** A connection as written in the configuration file, not validated. */
export type RawConnection = {
	readonly name: string;
	readonly values: {readonly [Field in (typeof ownSettings)[number] | 'color']?: unknown};
	/** Path and line of the connection, or of one of its fields. */
	where(field?: string): string;
};
