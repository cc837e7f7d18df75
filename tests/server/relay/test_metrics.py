"""What the relay counts."""

from cordee_server.relay.metrics import DropReason, Metrics, Parting


def test_counters_and_gauges_are_told_in_prometheus_text() -> None:
    metrics = Metrics()
    metrics.drops[DropReason.STALE] += 2
    metrics.partings[Parting.MUTE] += 1
    metrics.records["customer"] += 5
    metrics.deliveries["delivered"] += 4
    text = metrics.exposition({"links": 3})
    lines = text.splitlines()
    assert 'cordee_drops_total{reason="stale"} 2' in lines
    assert 'cordee_partings_total{reason="mute"} 1' in lines
    assert 'cordee_records_total{from="customer"} 5' in lines
    assert 'cordee_deliveries_total{outcome="delivered"} 4' in lines
    assert "# TYPE cordee_links gauge" in lines
    assert "cordee_links 3" in lines
    assert text.endswith("\n")


def test_nothing_counted_is_no_row() -> None:
    rows = [x for x in Metrics().exposition({}).splitlines() if x[0] != "#"]
    assert all(row.startswith("cordee_journal_append_seconds") for row in rows)


def test_what_took_long_is_counted_by_buckets_that_add_up() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.004, 0.005, 0.3, 60.0):
        metrics.appends.observe(seconds)
    lines = metrics.exposition({}).splitlines()
    name = "cordee_journal_append_seconds"
    assert f'{name}_bucket{{le="0.001"}} 1' in lines
    assert f'{name}_bucket{{le="0.005"}} 3' in lines
    assert f'{name}_bucket{{le="0.5"}} 4' in lines
    assert f'{name}_bucket{{le="5.0"}} 4' in lines
    assert f'{name}_bucket{{le="+Inf"}} 5' in lines
    assert f"{name}_count 5" in lines
    assert f"{name}_sum 60.309500" in lines
