-- What the things of :focus (numbers) are called.
SELECT e.id, e.key, e.type, e.label FROM json_each(:focus) f CROSS JOIN entity e ON e.id = f.value
