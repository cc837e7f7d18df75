from aiohttp import web

from cordee_server import keys


def test_every_part_has_a_key_of_its_own() -> None:
    found = [value for value in vars(keys).values() if isinstance(value, web.AppKey)]
    app = web.Application()
    for key in found:
        app[key] = object()
    assert len({str(key) for key in found}) == len(found)
    assert len(app) == len(found)
