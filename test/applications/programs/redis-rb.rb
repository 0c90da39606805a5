# A Ruby application on redis-rb: ruby redis-rb.rb redis://127.0.0.1:6380
require 'json'
require 'redis'

$stdout.sync = true

def say(what, value)
  puts "#{what}: #{JSON.generate(value)}"
end

redis = Redis.new(url: ARGV[0], id: 'redis-rb')
other = Redis.new(url: ARGV[0], id: 'redis-rb')

say 'miss', redis.get('user:1')
say 'set', redis.set('user:1', 'Ann', ex: 60)
say 'hit', redis.get('user:1')
begin
  redis.hget('user:1', 'field')
rescue Redis::CommandError => error
  say 'error', error.message
end

results = redis.pipelined do |pipeline|
  500.times do |index|
    pipeline.setex("item:#{index}", 60, "value #{index}")
    pipeline.get("item:#{index}")
  end
end
say 'pipeline', results
transaction = redis.multi do |multi|
  multi.incr('counter')
  multi.mapped_hmset('hash', 'a' => 1, 'b' => 2)
  multi.hgetall('hash')
end
say 'transaction', transaction
lost = redis.watch('counter') do
  other.incr('counter')
  redis.multi { |multi| multi.set('counter', 0) }
end
say 'lost transaction', lost
say 'script', redis.eval("return {redis.call('GET', KEYS[1]), ARGV[1]}", keys: ['user:1'], argv: ['x'])

large = 'v' * 3_000_000
redis.setex('large', 60, large)
say 'large', redis.get('large') == large

messages = Queue.new
ready = Queue.new
listener = Thread.new do
  Redis.new(url: ARGV[0], id: 'redis-rb').subscribe('news') do |on|
    on.subscribe { ready << true }
    on.message do |channel, text|
      messages << [channel, text]
      Thread.current.kill if messages.size == 10
    end
  end
end
ready.pop
10.times { |index| redis.publish('news', "message #{index}") }
listener.join
say 'messages', Array.new(10) { messages.pop }

pusher = Thread.new do
  sleep 0.1
  other.rpush('queue', 'job')
end
say 'blocking', redis.blpop('queue', timeout: 10)
pusher.join
say 'keys', redis.scan_each(match: 'item:*', count: 50).to_a.uniq.size
redis.select(3)
say 'another database', [redis.set('here', 1), redis.get('here'), other.get('here')]
say 'closed', redis.quit
