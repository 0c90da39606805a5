/**
 * A Redis, a fault proxy and drills for tests of an application.
 *
 * @module redis-cache-tui/testing
 */
export type {DrillCache, DrillWorkload, JournalBounds, MemoryBounds, WorkloadChange} from '../drills/drill.js';
export type {
	DrillReport,
	ExpectationResult,
	LeftOutExpectation,
} from '../drills/drill-report.js';
export type {CacheInFile, DrillFile, StepInFile, Time, WorkloadInFile} from '../drills/file/drill-schema.js';
export type {Lateness} from '../drills/lateness/lateness.js';
export type {ProbePhase, ProbeReport} from '../drills/probe/probe-report.js';
export type {
	OpenSubject,
	Subject,
	SubjectCluster,
	SubjectEnd,
	SubjectEndpoint,
	SubjectOpenOptions,
	SubjectSentinel,
	SubjectWriteOptions,
} from '../drills/subject/subject.js';
export type {SubjectReport} from '../drills/subject/subject-report.js';
export type {ReconnectReport, SlowCommand, WireReport} from '../drills/wire/wire-report.js';
export type {Mode} from '../metrics/snapshot.js';
export type {Finding, FindingId, FindingLevel} from '../tap/findings/finding.js';
export type {SettleQuantiles} from '../workload/settle-times.js';
export type {WorkloadMix} from '../workload/workload-snapshot.js';
export {type DrillTlsFiles, type RunDrillOptions, runDrill} from './run-drill.js';
export {startFaultProxy, type TestFaultProxy} from './start-fault-proxy.js';
export {type StartRedisOptions, startRedis, type TestRedis} from './start-redis.js';
