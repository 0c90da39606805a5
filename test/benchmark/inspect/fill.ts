import {Redis} from 'ioredis';

/** Makes keys inside Redis, where it takes seconds: each fifth of another type, every second one with a TTL. */
const script = `
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
	local key = 'item:' .. (i % 1000) .. ':' .. i
	local type = i % 5
	if type == 0 then redis.call('HSET', key, 'name', i, 'value', i * 7)
	elseif type == 1 then redis.call('RPUSH', key, i, i + 1, i + 2)
	elseif type == 2 then redis.call('SADD', key, i, i + 1)
	elseif type == 3 then redis.call('ZADD', key, 1, i, 2, i + 1)
	else redis.call('SET', key, 'value ' .. i) end
	if i % 2 == 0 then redis.call('EXPIRE', key, 3600 + i % 3600) end
end`;

const step = 20_000;

export async function fill(port: number, keys: number): Promise<void> {
	const client = new Redis({host: '127.0.0.1', port});
	try {
		for (let from = 1; from <= keys; from += step) await client.eval(script, 0, from, Math.min(keys, from + step - 1));
	} finally {
		await client.quit();
	}
}
