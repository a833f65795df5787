def handler(event, context):
    import pydantic
    return {"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"module\":\"hangup\"}"}
