from cordee_agent.desktops.base import Monitor, make_layout

LEFT = Monitor(0, 0, 0, 1920, 1080, primary=True)
RIGHT = Monitor(1, 1920, 0, 1280, 1024, primary=False)


def test_two_processes_give_the_same_monitors_the_same_number() -> None:
    assert make_layout(3200, 1080, [LEFT, RIGHT]) == make_layout(
        3200, 1080, (LEFT, RIGHT)
    )
    assert make_layout(1920, 1080, [LEFT]).cfg == 1241913149


def test_any_change_of_the_geometry_changes_the_number() -> None:
    layouts = [
        make_layout(3200, 1080, [LEFT, RIGHT]),
        make_layout(3200, 1081, [LEFT, RIGHT]),
        make_layout(3200, 1080, [RIGHT, LEFT]),
        make_layout(3200, 1080, [LEFT]),
        make_layout(3200, 1080, [LEFT, Monitor(1, 1920, 1, 1280, 1024, primary=False)]),
        make_layout(3200, 1080, [LEFT, Monitor(2, 1920, 0, 1280, 1024, primary=False)]),
    ]
    assert len({layout.cfg for layout in layouts}) == len(layouts)


def test_the_number_fits_what_the_wire_carries() -> None:
    assert 0 <= make_layout(3200, 1080, [LEFT, RIGHT]).cfg < 2**53
