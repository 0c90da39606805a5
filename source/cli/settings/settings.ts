import {dirname} from 'node:path';
import {defaultDeadlineMs} from '../../engine/target/connection.js';
import {type GlyphSet, glyphSets} from '../../text/glyph-set.js';
import type {Flags} from './parse-arguments.js';
import {choice, deadline, flag, type Label, name, path, redisUrl, text, whole} from './read-value.js';
import {UsageError} from './usage-error.js';

const themes = ['default', 'light', 'colour-blind', 'mono'] as const;
const reportFormats = ['text', 'json', 'junit', 'html', 'github'] as const;

type SettingSource = 'flag' | 'configuration file' | 'default';

/** The settings of the program, from flags and the configuration file. */
export type Settings = {
	/** Undefined: a private Redis is started. */
	readonly url: string | undefined;
	/** Absolute paths. Undefined: the authorities of Node.js are trusted, and no certificate is shown. */
	readonly ca: string | undefined;
	readonly cert: string | undefined;
	readonly key: string | undefined;
	/** True: the certificate of the server is not checked. */
	readonly insecure: boolean;
	/** Milliseconds that a command of the cache may take. */
	readonly deadline: number;
	readonly embedded: boolean;
	readonly readOnly: boolean;
	readonly namespace: string;
	readonly rate: number;
	readonly keys: number;
	readonly theme: (typeof themes)[number];
	/** Undefined: depends on the locale. */
	readonly glyphs: GlyphSet | undefined;
	readonly fps: number;
	readonly report: (typeof reportFormats)[number] | undefined;
	/** Keys that scans of the server visit in a second, at most. */
	readonly scanRate: number;
	/** What separates the parts of names in the tree of keys. */
	readonly delimiter: string;
};

type SettingName = keyof Settings;

/** The settings, and where each of them comes from. */
export type ResolvedSettings = {
	readonly settings: Settings;
	readonly sources: Readonly<Record<SettingName, SettingSource>>;
};

/** Values of one origin, not validated. */
export type RawSettings = {readonly [Name in SettingName]?: unknown};

const defaults: Settings = {
	url: undefined,
	ca: undefined,
	cert: undefined,
	key: undefined,
	insecure: false,
	deadline: defaultDeadlineMs,
	embedded: false,
	readOnly: false,
	namespace: 'default',
	rate: 1000,
	keys: 2000,
	theme: 'default',
	glyphs: undefined,
	fps: 4,
	report: undefined,
	scanRate: 20_000,
	delimiter: ':',
};

const readers: {readonly [Name in SettingName]: (value: unknown, label: Label, folder: string) => Settings[Name]} = {
	url: redisUrl,
	ca: path,
	cert: path,
	key: path,
	insecure: flag,
	deadline,
	embedded: flag,
	readOnly: flag,
	namespace: name,
	rate: (value, label) => whole(value, label, 1, 100_000),
	keys: (value, label) => whole(value, label, 1, 1_000_000),
	theme: (value, label) => choice(value, label, themes),
	glyphs: (value, label) => choice(value, label, glyphSets),
	fps: (value, label) => whole(value, label, 1, 30),
	report: (value, label) => choice(value, label, reportFormats),
	delimiter: text,
	scanRate: (value, label) => whole(value, label, 10, 100_000_000),
};

export const settingNames = Object.keys(defaults) as readonly SettingName[];

/** The flag of a setting: `--scan-rate` for `scanRate`. */
export const flagOf = (setting: string) => `--${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function rawFlags({json, ...flags}: Flags): RawSettings {
	if (json && flags.report !== undefined && flags.report !== 'json') {
		throw new UsageError(`--json and --report ${flags.report} contradict each other: give one of them`);
	}
	return {...flags, report: json ? 'json' : flags.report};
}

/** Where values stand, such as the command line. */
type Origin = {
	readonly source: SettingSource;
	readonly values: RawSettings;
	readonly label: (setting: SettingName) => Label;
	/** The folder that paths are relative to. */
	readonly folder: string;
};

/** Takes each setting from the first origin that has it. */
function merge(origins: readonly Origin[]): ResolvedSettings {
	const settings: Record<string, unknown> = {...defaults};
	const sources: Record<string, SettingSource> = {};
	for (const setting of settingNames) {
		const origin = origins.find(({values}) => values[setting] !== undefined);
		sources[setting] = origin?.source ?? 'default';
		if (!origin) continue;
		settings[setting] = readers[setting](origin.values[setting], origin.label(setting), origin.folder);
	}
	return {settings: settings as Settings, sources: sources as ResolvedSettings['sources']};
}

/**
 * Validates and merges the settings. Flags override the configuration file, which overrides the defaults. The
 * environment has none: a `REDIS_URL` is meant for applications, and not a request to work on that Redis.
 *
 * @throws {UsageError} A value is not valid.
 */
export function resolveSettings(
	flags: Flags,
	file: {readonly path: string; readonly values: RawSettings; where(setting: string): string},
): ResolvedSettings {
	const resolved = merge([
		{source: 'flag', values: rawFlags(flags), label: flagOf, folder: process.cwd()},
		{
			source: 'configuration file',
			values: file.values,
			label: (setting) => `${setting} in the configuration file ${file.where(setting)}`,
			folder: dirname(file.path),
		},
	]);
	checkTls(resolved);
	return resolveTarget(resolved);
}

/** A flag without effect is a mistake. In the configuration file it is for whatever Redis has TLS. */
function checkTls({settings, sources}: ResolvedSettings): void {
	const {url, cert, key} = settings;
	const flag = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => sources[name] === 'flag' && settings[name]);
	if (flag !== undefined && !/^rediss/i.test(url ?? ''))
		throw new UsageError(`--${flag} is for a Redis with TLS: give --url rediss://…`);
	if (cert !== undefined && key === undefined) throw new UsageError('a certificate needs its private key: give --key');
	if (key !== undefined && cert === undefined) throw new UsageError('a private key needs its certificate: give --cert');
}

/** `--embedded` asks for a private Redis, so it overrides a URL of another origin, and contradicts `--url`. */
function resolveTarget({settings, sources}: ResolvedSettings): ResolvedSettings {
	if (!settings.embedded || settings.url === undefined) return {settings, sources};
	if (sources.url === sources.embedded)
		throw new UsageError('--url and --embedded contradict each other: give one of them');
	return sources.url === 'flag'
		? {settings: {...settings, embedded: false}, sources: {...sources, embedded: 'flag'}}
		: {settings: {...settings, url: undefined}, sources: {...sources, url: 'flag'}};
}
