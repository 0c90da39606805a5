// Jobs in BullMQ: node bullmq.mjs redis://127.0.0.1:6380
import {FlowProducer, Queue, QueueEvents, Worker} from 'bullmq';
import {Redis} from 'ioredis';

const [url] = process.argv.slice(2);
const say = (what, value) => process.stdout.write(`${what}: ${JSON.stringify(value)}\n`);
const connection = new Redis(url, {maxRetriesPerRequest: null, connectionName: 'bullmq'});

const queue = new Queue('mails', {connection});
const events = new QueueEvents('mails', {connection});
await events.waitUntilReady();
const attempts = new Map();
const worker = new Worker(
	'mails',
	async (job) => {
		attempts.set(job.name, (attempts.get(job.name) ?? 0) + 1);
		if (job.data.failures >= attempts.get(job.name)) throw new Error(`attempt ${attempts.get(job.name)} failed`);
		await job.updateProgress(50);
		if (job.name === 'parent') return Object.values(await job.getChildrenValues()).sort();
		return `sent ${job.name}`;
	},
	{connection, concurrency: 5},
);
worker.on('error', (error) => say('error', error.message));

const jobs = await queue.addBulk(Array.from({length: 100}, (_, index) => ({name: `mail-${index}`, data: {index}})));
jobs.push(await queue.add('delayed', {}, {delay: 300}));
jobs.push(await queue.add('important', {}, {priority: 1}));
jobs.push(await queue.add('flaky', {failures: 2}, {attempts: 3, backoff: {type: 'fixed', delay: 50}}));
say('results', await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000))));

const hopeless = await queue.add('hopeless', {failures: 5}, {attempts: 2});
say('failed', await hopeless.waitUntilFinished(events, 60_000).catch(({message}) => message));
say('attempts', [attempts.get('flaky'), attempts.get('hopeless')]);

const flows = new FlowProducer({connection});
const children = ['a', 'b', 'c'].map((name) => ({name, queueName: 'mails', data: {}}));
const {job} = await flows.add({name: 'parent', queueName: 'mails', data: {}, children});
say('flow', await job.waitUntilFinished(events, 60_000));
say('counts', await queue.getJobCounts('completed', 'failed', 'waiting', 'active', 'delayed'));

await Promise.all([worker.close(), events.close(), flows.close()]);
await queue.obliterate({force: true});
await queue.close();
say('keys left', (await connection.keys('bull:mails:*')).length);
await connection.quit();
