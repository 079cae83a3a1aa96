-- How far the relay to Kafka came per seat: notices up to `nummer` are with the broker, or are not for this seat any more.
create table kafka_relay (
    zetel text primary key,
    nummer bigint not null
);
