import type {RedisCache} from '../../cache/redis-cache.js';
import type {KeyTtls} from '../../inspect/keys/key-ttls.js';
import type {ScanPace} from '../../inspect/keys/scan-pace.js';
import type {Sender} from '../../inspect/sender.js';
import type {ActivitySnapshot} from '../../inspect/server/activity/server-activity.js';
import type {BiggestKeys} from '../../inspect/server/big-keys/biggest-keys.js';
import type {ServerNode} from '../../inspect/server/info/read-node.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import type {Finding} from '../../tap/findings/finding.js';
import type {Workload} from '../../workload/workload.js';
import type {WorkloadSnapshot} from '../../workload/workload-snapshot.js';
import type {ServerSnapshot, TargetSnapshot} from '../protocol.js';
import type {AddressMask} from '../target/mask-proxy-address.js';
import type {TappedApplication} from './application/tapped-application.js';
import type {Drills} from './drills/drills.js';
import type {FaultControl} from './fault-control.js';
import type {Sweeps} from './keys/sweeps.js';
import type {UndoFiles} from './keys/undo-files.js';
import type {HotKeySampler} from './server/hot-key-sampler.js';
import type {TestBed} from './test-beds/test-bed.js';
import type {TestBeds} from './test-beds/test-beds.js';

/**
 * Everything that belongs to one Redis: the server, the proxy, a cache with its traffic, and the state of the server.
 */
export type Session = {
	/** Unix time in milliseconds. */
	readonly startedAt: number;
	readonly target: TargetSnapshot;
	/** See `EngineSnapshot.privateUrl`. */
	readonly privateUrl: string | undefined;
	/** The server's last answer to INFO. */
	readonly server: ServerSnapshot | undefined;
	/** The activity of the server for applications. */
	readonly activity: ActivitySnapshot;
	/** The connection for inspecting the server. */
	readonly inspector: Sender;
	/** The server, or the masters of a cluster. */
	nodes(): Promise<readonly ServerNode[]>;
	readonly hotKeys: HotKeySampler;
	readonly biggestKeys: BiggestKeys;
	/** Limits the total rate of the inspector's scans. */
	readonly pace: ScanPace;
	/** The cache and its traffic, replaced while a drill runs. With an application, reading this opens it. */
	readonly testBed: TestBed;
	readonly testBeds: TestBeds;
	/** The traffic: that of a drill while one runs. */
	readonly workload: Workload;
	/** Prefix of the names of cache entries in Redis. */
	readonly keyPrefix: string;
	readonly faults: FaultControl;
	readonly drills: Drills;
	readonly sweeps: Sweeps;
	/** Keeps deleted keys, to restore them. */
	readonly undo: UndoFiles;
	/** Apply it to texts that connections produce. */
	readonly maskProxyAddress: AddressMask;
	/** The application behind the tap; undefined without one. */
	readonly application: TappedApplication | undefined;
	/** About a server that this program did not start, without a tap; else empty. */
	serverFindings(): readonly Finding[];
	/** The cache of the test bed. */
	openCache(): Promise<RedisCache>;
	cacheSnapshot(): CacheSnapshot;
	workloadSnapshot(): WorkloadSnapshot;
	ttlHistogram(cache: CacheSnapshot): KeyTtls;
	/** Stops the traffic. On a Redis that this program did not start, its keys are removed then. */
	stopWorkload(): Promise<void>;
	/** Deletes keys, printable as `printKey` writes them. Returns how many. */
	deleteKeys(keys: readonly string[]): Promise<number>;
	close(): Promise<void>;
};
