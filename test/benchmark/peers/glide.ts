/** A peer that is measured if it is installed: with its core of 17 MB it is no dependency of this repository. */
const packageName: string = '@valkey/valkey-glide';

export type GlidePeer = {
	get(key: string): Promise<string | null>;
	set(key: string, value: string, ttlMs: number): Promise<unknown>;
	close(): void;
};

type GlideClient = {
	get(key: string): Promise<string | null>;
	set(key: string, value: string, options: object): Promise<unknown>;
	close(): void;
};
type Glide = Readonly<
	Record<'GlideClient' | 'GlideClusterClient', {createClient(options: object): Promise<GlideClient>}>
>;

/** @returns `undefined`, and a line that says so, if the package is not there. */
export async function openGlide(
	addresses: readonly {readonly host: string; readonly port: number}[],
	kind: keyof Glide = 'GlideClient',
): Promise<GlidePeer | undefined> {
	const glide = (await import(packageName).catch(() => undefined)) as Glide | undefined;
	if (glide === undefined) {
		process.stdout.write(
			`\n${packageName} is not installed: npm install --no-save ${packageName} to measure it, too\n`,
		);
		return undefined;
	}
	const client = await glide[kind].createClient({addresses, requestTimeout: 5000});
	return {
		get: (key) => client.get(key),
		set: (key, value, ttlMs) => client.set(key, value, {expiry: {type: 'PX', count: ttlMs}}),
		close: () => client.close(),
	};
}
