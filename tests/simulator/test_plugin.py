"""The pytest plugin, from the outside."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

HANDLERS = """
    import json
    import pytest
    from kazoo_simulator import InProcess

    def greet(event, context):
        flow = {"module": "tts", "data": {"text": "Good morning"}}
        return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(flow)}

    @pytest.fixture
    def kazoo_target():
        return InProcess({"/greet": greet})
"""


def test_a_call_from_a_test(pytester: pytest.Pytester) -> None:
    """The fixture is there without any import; the version comes from the marker."""
    pytester.makeconftest(HANDLERS)
    pytester.makepyfile(
        """
        import pytest

        def test_greets(kazoo):
            kazoo.call("+14155550100", "2000").hears("Good morning").ends()

        @pytest.mark.kazoo(version="5")
        def test_greets_on_5(kazoo):
            assert "KAZOO 5" in kazoo.call().ends().ladder()
        """
    )
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_failed_test_shows_its_calls(pytester: pytest.Pytester) -> None:
    """Whatever fails, the ladders of the test's calls are in the report."""
    pytester.makeconftest(HANDLERS)
    pytester.makepyfile(
        """
        def test_greets(kazoo):
            assert kazoo.call().ends().heard == ["Good evening"]
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*KAZOO call 1*", '*"Good morning"*'])


def test_an_address_can_be_given(pytester: pytest.Pytester) -> None:
    """--kazoo-url sends calls there: here nobody listens, so the caller gets the fallback."""
    pytester.makepyfile(
        """
        def test_reaches(kazoo):
            call = kazoo.call(path="/voice", fallback={"module": "tts", "data": {"text": "Sorry"}})
            call.heard_fallback("refused").hears("Sorry")
            assert "/voice?token=t0ken" in call.requests[0].url
        """
    )
    options = ("--kazoo-url", "http://127.0.0.1:9", "--kazoo-token", "t0ken")
    pytester.runpytest("-p", "no:cacheprovider", *options).assert_outcomes(passed=1)


def test_nowhere_to_call_says_what_to_do(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a target and without a running stack the message names the ways."""
    monkeypatch.setattr("pivotctl.running.local_stack", lambda: None)
    pytester.makepyfile("def test_calls(kazoo): kazoo.call()")
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["*--kazoo-url https://HOST*", "*def kazoo_target()*"])


def test_an_unexpected_fallback_fails_the_test(pytester: pytest.Pytester) -> None:
    """A call that ends well by its fallback is not a good call, unless the test says so."""
    pytester.makeconftest(
        """
        import pytest
        from kazoo_simulator import InProcess

        def boom(event, context):
            raise ZeroDivisionError("division by zero")

        def own(event, context):
            headers = {"content-type": "application/json", "x-pivot-fallback": "exception: KeyError"}
            return {"statusCode": 200, "headers": headers, "body": '{"module":"hangup","data":{}}'}

        @pytest.fixture
        def kazoo_target():
            return InProcess({"/boom": boom, "/own": own})
        """
    )
    pytester.makepyfile(
        """
        def test_looks_green(kazoo):
            kazoo.call(path="/boom").ends()

        def test_answers_its_own(kazoo):
            kazoo.call(path="/own").ends()

        def test_expected(kazoo):
            kazoo.call(path="/boom").heard_fallback("500").ends()
            kazoo.call(path="/own").heard_fallback("KeyError").ends()
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*fallback that the test does not expect*", "*call.heard_fallback()*"])
    allowed = pytester.runpytest("-p", "no:cacheprovider", "--kazoo-fallbacks", "allow")
    allowed.assert_outcomes(passed=3)
