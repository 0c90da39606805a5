import {type TopologyKind, topologyKinds} from '../../embedded/topology/topology-kind.js';
import {defaultDeadlineMs, type NamedConnection} from '../../engine/target/connection.js';
import {type GlyphSet, glyphSets} from '../../text/glyph-set.js';
import {choice, deadline, flag, type Label, name, path, redisUrl, text, whole} from './read-value.js';

const themes = ['default', 'light', 'colour-blind', 'mono'] as const;
const reportFormats = ['text', 'json', 'junit', 'html', 'github'] as const;

/** Where a value comes from. `connection`: the chosen connection in the configuration file. */
type SettingSource = 'flag' | 'connection' | 'configuration file' | 'default';

/** Settings with one value each. */
type PlainSettings = {
	/** Undefined: a private Redis is started. */
	readonly url: string | undefined;
	/** Name of the connection in the configuration file that the URL comes from. */
	readonly connection: string | undefined;
	/** Absolute paths. Undefined: the certificate authorities of Node.js are trusted, and no client certificate is sent. */
	readonly ca: string | undefined;
	readonly cert: string | undefined;
	readonly key: string | undefined;
	/** True: the certificate of the server is not checked. */
	readonly insecure: boolean;
	/** Deadline of a command of the cache, in milliseconds. */
	readonly deadline: number;
	readonly embedded: boolean;
	/** The private Redis is a cluster, or behind Sentinels. Undefined: it is a single server. */
	readonly private: TopologyKind | undefined;
	/** Start the private Redis with libfaketime, so that its clock can be set. */
	readonly faketime: boolean;
	readonly readOnly: boolean;
	readonly namespace: string;
	readonly rate: number;
	readonly keys: number;
	readonly theme: (typeof themes)[number];
	/** Undefined: depends on the locale. */
	readonly glyphs: GlyphSet | undefined;
	readonly fps: number;
	readonly report: (typeof reportFormats)[number] | undefined;
	/** Maximum number of keys that scans of the server visit in a second. */
	readonly scanRate: number;
	/** Separator of the parts of names in the tree of keys. */
	readonly delimiter: string;
};

/** Settings that also apply to a Redis whose URL is typed on the screen. */
export type Reach = Pick<PlainSettings, 'ca' | 'cert' | 'key' | 'insecure' | 'deadline' | 'readOnly'>;

/** The settings of the program, from flags and the configuration file. */
export type Settings = PlainSettings & {
	/** All connections of the configuration file, with defaults for the fields that they lack. */
	readonly connections: readonly NamedConnection[];
	readonly elsewhere: Reach;
};

export type SettingName = keyof PlainSettings;

/** The settings, and where each of them comes from. */
type Resolved<S> = {
	readonly settings: S;
	readonly sources: Readonly<Record<SettingName, SettingSource>>;
};

export type ResolvedSettings = Resolved<Settings>;
export type MergedSettings = Resolved<PlainSettings>;

/** Values of one origin, not validated. */
export type RawSettings = {readonly [Name in SettingName]?: unknown};

const defaults: PlainSettings = {
	url: undefined,
	connection: undefined,
	ca: undefined,
	cert: undefined,
	key: undefined,
	insecure: false,
	deadline: defaultDeadlineMs,
	embedded: false,
	private: undefined,
	faketime: false,
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

const readers: {readonly [Name in SettingName]: (value: unknown, label: Label, folder: string) => PlainSettings[Name]} =
	{
		url: redisUrl,
		connection: name,
		ca: path,
		cert: path,
		key: path,
		insecure: flag,
		deadline,
		embedded: flag,
		private: (value, label) => choice(value, label, topologyKinds),
		faketime: flag,
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
/** A source of values, such as the command line. */
export type Origin = {
	readonly source: SettingSource;
	readonly values: RawSettings;
	readonly label: (setting: SettingName) => Label;
	/** The folder that relative paths start from. */
	readonly folder: string;
};

/** Takes each setting from the first origin that has it. */
export function merge(origins: readonly Origin[]): MergedSettings {
	const settings: Record<string, unknown> = {...defaults};
	const sources: Record<string, SettingSource> = {};
	for (const setting of settingNames) {
		const origin = origins.find(({values}) => values[setting] !== undefined);
		sources[setting] = origin?.source ?? 'default';
		if (!origin) continue;
		settings[setting] = readers[setting](origin.values[setting], origin.label(setting), origin.folder);
	}
	return {settings: settings as PlainSettings, sources: sources as MergedSettings['sources']};
}
