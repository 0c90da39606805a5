import {closestMatch} from 'leven';
import {oneLine} from '../../engine/one-line.js';
import {parseRedisUrl} from '../../pool/redis-url.js';
import {type GlyphSet, glyphSets} from '../../text/glyph-set.js';
import type {Flags} from './parse-arguments.js';
import {UsageError} from './usage-error.js';

const themes = ['default', 'light', 'colour-blind', 'mono'] as const;
const reportFormats = ['text', 'json', 'junit'] as const;

type SettingSource = 'flag' | 'configuration file' | 'default';

/** The settings of the program, from flags and the configuration file. */
export type Settings = {
	/** Undefined: a private Redis is started. */
	readonly url: string | undefined;
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

/** Name of a setting as it is written at its origin: `--read-only`, `readOnly in the configuration file …`. */
type Label = string;

function whole(value: unknown, label: Label, min: number, max: number): number {
	const text = String(value).trim();
	const number = Number(text);
	if (!/^[+-]?\d+$/.test(text) || number < min || number > max) {
		throw new UsageError(`${label} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`);
	}
	return number;
}

function choice<T extends string>(value: unknown, label: Label, choices: readonly T[]): T {
	const found = choices.find((item) => item === value);
	if (found !== undefined) return found;
	const meant = typeof value === 'string' ? closestMatch(value, choices, {maxDistance: 3}) : undefined;
	const all = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
	throw new UsageError(
		`${label} must be ${all}, not ${JSON.stringify(value)}${meant ? `; did you mean ${meant}?` : ''}`,
	);
}

function flag(value: unknown, label: Label): boolean {
	if (typeof value === 'boolean') return value;
	throw new UsageError(`${label} must be true or false, not ${JSON.stringify(value)}`);
}

function name(value: unknown, label: Label): string {
	if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return value;
	throw new UsageError(`${label} must be 1 to 64 letters, digits, '_', '-' or '.', not ${JSON.stringify(value)}`);
}

function text(value: unknown, label: Label): string {
	if (typeof value === 'string' && value !== '') return value;
	throw new UsageError(`${label} must be a string that is not empty`);
}

function redisUrl(value: unknown, label: Label): string {
	const url = text(value, label);
	try {
		parseRedisUrl(url);
	} catch (error) {
		throw new UsageError(`${label}: ${oneLine(error)}`, {cause: error});
	}
	return url;
}

const readers: {readonly [Name in SettingName]: (value: unknown, label: Label) => Settings[Name]} = {
	url: redisUrl,
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

function rawFlags(flags: Flags): RawSettings {
	const {url, embedded, readOnly, namespace, rate, keys, theme, glyphs, fps, scanRate, delimiter} = flags;
	if (flags.json && flags.report !== undefined && flags.report !== 'json') {
		throw new UsageError(`--json and --report ${flags.report} contradict each other: give one of them`);
	}
	return {
		url,
		embedded,
		readOnly,
		namespace,
		rate,
		keys,
		theme,
		glyphs,
		fps,
		report: flags.json ? 'json' : flags.report,
		scanRate,
		delimiter,
	};
}

/**
 * Validates and merges the settings. Flags override the configuration file, which overrides the defaults. The
 * environment has none: a `REDIS_URL` is meant for applications, and not a request to work on that Redis.
 *
 * @throws {UsageError} A value is not valid.
 */
export function resolveSettings(
	flags: Flags,
	file: {readonly values: RawSettings; where(setting: string): string},
): ResolvedSettings {
	const origins: readonly {source: SettingSource; values: RawSettings; label: (setting: SettingName) => Label}[] = [
		{source: 'flag', values: rawFlags(flags), label: flagOf},
		{
			source: 'configuration file',
			values: file.values,
			label: (setting) => `${setting} in the configuration file ${file.where(setting)}`,
		},
	];
	const settings: Record<string, unknown> = {...defaults};
	const sources = Object.fromEntries(settingNames.map((setting) => [setting, 'default'])) as Record<
		SettingName,
		SettingSource
	>;
	for (const setting of settingNames) {
		const origin = origins.find(({values}) => values[setting] !== undefined);
		if (!origin) continue;
		settings[setting] = readers[setting](origin.values[setting], origin.label(setting));
		sources[setting] = origin.source;
	}
	return resolveTarget({settings: settings as Settings, sources});
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
